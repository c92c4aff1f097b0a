/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

/** Kinds of keys in the state. Numbers and names are for ever; a retired one keeps its line. */
public enum ColumnFamily {
  /** Counters and what the state is: name → 8 bytes, or text. */
  META(0),
  /** inode(8) → Inode. */
  INODES(1),
  /** parent(8) name → inode(8). */
  DENTRIES(2),
  /** inode(8) parent(8) name → nothing; the names of an inode besides its primary one. */
  LINKS(3),
  /** inode(8) index(4) → BlockRecord. */
  BLOCKS(4),
  /** inode(8) name → value. */
  XATTRS(5),
  /** mount(4) → Mount. */
  MOUNTS(6),
  /** session(8) → OpenSession. */
  SESSIONS(7),
  /** session(8) seq(8) → CommandResult; what a retry gets. */
  RESULTS(8),
  /** session(8) inode(8) → nothing; write leases by holder. */
  LEASES(9),
  /** worker(4) → WorkerRecord. */
  WORKERS(10),
  /** uuid → worker(4). */
  WORKER_UUIDS(11),
  /** job(8) → Job; unfinished. */
  JOBS(12),
  /** mount(4) path NUL job(8) → nothing; the paths that unfinished jobs touch. */
  JOB_PATHS(13),
  /** job(8) → Job; the newest of those that failed for good. */
  FAILED_JOBS(14),
  /** inode(8) → nothing; detached directories whose content is still to be reaped. */
  REAP(15),
  /** inode(8) → nothing; directories whose names were loaded from a UFS, for the scan. */
  LOADED(16),
  /** session(8) → seq(8); results below it are forgotten. Spares a scan over what was deleted. */
  ACKED(17);

  private final int number;

  ColumnFamily(int number) {
    this.number = number;
  }

  /** For ever the same. */
  public int number() {
    return number;
  }

  /** As it is named in the database. */
  public String storedName() {
    return number == 0 ? "default" : name().toLowerCase(java.util.Locale.ROOT);
  }
}
