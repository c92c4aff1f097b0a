/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Mount;
import io.curvine.ufs.DrainingUnderFileSystem;
import io.curvine.ufs.LimitedUnderFileSystem;
import io.curvine.ufs.SealedValue;
import io.curvine.ufs.UnderFileSystem;
import io.curvine.worker.fill.UfsDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mounts, as the masters tell them, and their UFSs, opened when first asked for. Thread-safe. A
 * UFS that is replaced is closed at the change after the next one, one whose mount is gone at once;
 * calls under way can end.
 */
public final class MountTable implements UfsDirectory, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MountTable.class);

  private static final long UNKNOWN_WAIT_MS = 3_000;

  private final UfsOpener opener;
  private final Map<Integer, Mounted> mounts = new HashMap<>();
  private List<UnderFileSystem> retired = new ArrayList<>();
  private volatile long version;
  private volatile boolean sealed;
  private boolean closed;

  /** Opens a location; {@code UfsRegistry::open}. */
  @FunctionalInterface
  public interface UfsOpener {
    UnderFileSystem open(String uri, Map<String, String> options) throws IOException;
  }

  private static final class Mounted {
    final Mount mount;
    UnderFileSystem ufs;

    Mounted(Mount mount) {
      this.mount = mount;
    }
  }

  public MountTable(UfsOpener opener) {
    this.opener = opener;
  }

  /**
   * Of the table that it has; 0: none yet, or one with a secret that the master which gave it could
   * not open: another may.
   */
  public long version() {
    return sealed ? 0 : version;
  }

  /** Takes a whole table, unless it is older than what is there or no better. */
  public synchronized void update(long newVersion, List<Mount> table) {
    boolean sealedNow = table.stream().anyMatch(SealedValue::isIn);
    boolean noBetter = newVersion == version && !mounts.isEmpty() && (!sealed || sealedNow);
    if (newVersion < version || noBetter) {
      return;
    }
    closeAll(retired);
    retired = new ArrayList<>();
    Map<Integer, Mounted> old = Map.copyOf(mounts);
    mounts.clear();
    for (Mount mount : table) {
      Mounted known = old.get(mount.getId());
      boolean same = known != null && LimitedUnderFileSystem.sameStore(known.mount, mount);
      Mounted now = new Mounted(mount);
      now.ufs = same ? known.ufs : null;
      mounts.put(mount.getId(), now);
      if (!same && known != null && known.ufs != null) {
        retired.add(known.ufs);
      }
    }
    old.forEach(
        (id, known) -> {
          if (!mounts.containsKey(id) && known.ufs != null) {
            known.ufs.close();
          }
        });
    version = newVersion;
    sealed = sealedNow;
    notifyAll();
    LOG.info("mount table {} has {} mounts", newVersion, mounts.size());
  }

  @Override
  public synchronized UnderFileSystem of(int mountId) throws IOException {
    Mounted mounted = await(mountId);
    if (mounted == null) {
      throw new CurvineException(
          ErrorCode.NOT_READY, "mount " + mountId + " is not known to this worker (yet)");
    }
    if (mounted.ufs == null) {
      Mount mount = mounted.mount;
      mounted.ufs =
          LimitedUnderFileSystem.of(
              new DrainingUnderFileSystem(opener.open(mount.getUri(), mount.getOptionsMap())),
              mount);
    }
    return mounted.ufs;
  }

  /** A mount that was made just now comes with the next heartbeat. */
  private Mounted await(int mountId) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(UNKNOWN_WAIT_MS);
    Mounted mounted = mounts.get(mountId);
    while (mounted == null && !closed) {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (leftMs <= 0) {
        return null;
      }
      try {
        wait(leftMs);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      mounted = mounts.get(mountId);
    }
    return mounted;
  }

  private static void closeAll(List<UnderFileSystem> systems) {
    systems.forEach(UnderFileSystem::close);
  }

  @Override
  public synchronized void close() {
    closeAll(retired);
    mounts.values().stream().filter(m -> m.ufs != null).forEach(m -> m.ufs.close());
    mounts.clear();
    closed = true;
    notifyAll();
  }
}
