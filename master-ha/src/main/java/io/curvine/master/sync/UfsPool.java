/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import io.curvine.protocol.proto.Mount;
import io.curvine.ufs.DrainingUnderFileSystem;
import io.curvine.ufs.LimitedUnderFileSystem;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The open UFS locations, one a mount, kept for the next use. Thread-safe. */
final class UfsPool implements AutoCloseable {
  private record Opened(Mount mount, UnderFileSystem ufs) {}

  private final UfsRegistry registry;
  private final Map<Integer, Opened> byMount = new HashMap<>();

  /** Those before; closed at the change after the next one, so that calls under way can end. */
  private final Map<Integer, Opened> replaced = new HashMap<>();

  private boolean closed;

  UfsPool(UfsRegistry registry) {
    this.registry = registry;
  }

  /** The location of a mount; opened anew where its settings have changed. */
  synchronized UnderFileSystem get(Mount mount) throws IOException {
    if (closed) {
      throw new IOException("the master is closing");
    }
    Opened known = byMount.get(mount.getId());
    if (known != null && LimitedUnderFileSystem.sameStore(known.mount, mount)) {
      return known.ufs;
    }
    UnderFileSystem ufs =
        LimitedUnderFileSystem.of(
            new DrainingUnderFileSystem(registry.open(mount.getUri(), mount.getOptionsMap())),
            mount);
    byMount.put(mount.getId(), new Opened(mount, ufs));
    if (known != null) {
      Opened before = replaced.put(mount.getId(), known);
      if (before != null) {
        before.ufs.close();
      }
    }
    return ufs;
  }

  /** Closes the locations of all other mounts. */
  synchronized void retain(Set<Integer> mounts) {
    closeOthers(byMount, mounts);
    closeOthers(replaced, mounts);
  }

  private static void closeOthers(Map<Integer, Opened> opened, Set<Integer> mounts) {
    opened
        .values()
        .removeIf(
            each -> {
              boolean gone = !mounts.contains(each.mount.getId());
              if (gone) {
                each.ufs.close();
              }
              return gone;
            });
  }

  @Override
  public synchronized void close() {
    closed = true;
    byMount.values().forEach(opened -> opened.ufs.close());
    byMount.clear();
    replaced.values().forEach(opened -> opened.ufs.close());
    replaced.clear();
  }
}
