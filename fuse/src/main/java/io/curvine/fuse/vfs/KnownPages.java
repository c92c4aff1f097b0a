/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Of which version of a file's content the kernel may have pages. It keeps them over an open(2)
 * only where they are all of the version that is published then; else it drops them, and nothing is
 * known any more.
 *
 * <p>Thread-safe. What is read is noted before the kernel gets it, so that no page is of a version
 * that was not noted.
 */
final class KnownPages {
  private static final long MIXED = -1;

  private final ConcurrentHashMap<Long, Long> versions = new ConcurrentHashMap<>();

  /** The kernel gets bytes of a version. */
  void note(long inode, long version) {
    Long known = versions.get(inode);
    if (known == null || known != version) {
      versions.merge(inode, version, (a, b) -> a.equals(b) ? a : (Long) MIXED);
    }
  }

  /** What the kernel has is the content of another version now: it was written by this mount. */
  void become(long inode, long from, long to) {
    versions.replace(inode, from, to);
  }

  /** What the kernel has is no version's content. */
  void mix(long inode) {
    versions.put(inode, MIXED);
  }

  /** There may be pages, all of one version. */
  boolean mayBeKept(long inode) {
    Long known = versions.get(inode);
    return known != null && known != MIXED;
  }

  /** They are all of that version. */
  boolean are(long inode, long version) {
    Long known = versions.get(inode);
    return known != null && known == version;
  }

  /** The kernel drops them. */
  void forget(long inode) {
    versions.remove(inode);
  }
}
