/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import io.curvine.protocol.proto.Mount;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The open UFS locations, one a mount, kept for the next use. Thread-safe. */
final class UfsPool implements AutoCloseable {
  private record Opened(String uri, Map<String, String> options, UnderFileSystem ufs) {}

  private final UfsRegistry registry;
  private final Map<Integer, Opened> byMount = new HashMap<>();
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
    if (known != null
        && known.uri.equals(mount.getUri())
        && known.options.equals(mount.getOptionsMap())) {
      return known.ufs;
    }
    UnderFileSystem ufs = registry.open(mount.getUri(), mount.getOptionsMap());
    byMount.put(mount.getId(), new Opened(mount.getUri(), mount.getOptionsMap(), ufs));
    if (known != null) {
      known.ufs.close();
    }
    return ufs;
  }

  @Override
  public synchronized void close() {
    closed = true;
    byMount.values().forEach(opened -> opened.ufs.close());
    byMount.clear();
  }
}
