/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import java.util.List;

/**
 * One entry of a store.
 *
 * @param name the last component of its path; empty for the location itself
 * @param version the store's own version of the content, empty for directories and symbolic links;
 *     two equal versions of one path hold the same bytes
 * @param lengthBytes of a file's content
 * @param mtimeNanos since the epoch; 0 where the store does not say
 * @param mode permission bits, or -1 where the store has none
 * @param uid owner, or -1
 * @param gid group, or -1
 * @param symlinkTarget of a symbolic link, else empty
 * @param formerVersions that the same content had before it was moved to this path, where moving
 *     changes the version; oldest first, not necessarily all
 */
public record UfsStatus(
    String name,
    Kind kind,
    String version,
    long lengthBytes,
    long mtimeNanos,
    int mode,
    int uid,
    int gid,
    String symlinkTarget,
    List<String> formerVersions) {
  /** Whether the content is that of a version, before it was moved or as it is now. */
  public boolean isOf(String sought) {
    return version.equals(sought) || formerVersions.contains(sought);
  }

  /** Sockets, devices and pipes of a store are not listed. */
  public enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK
  }
}
