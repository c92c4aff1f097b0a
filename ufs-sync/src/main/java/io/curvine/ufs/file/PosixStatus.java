/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.file;

import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStatus.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reads the attributes of files by lstat(2). A file's version is {@code inode:mtimeNanos:length}: a
 * writer that replaces the file or changes it at another tick of the kernel's clock makes another
 * version.
 */
final class PosixStatus {
  private static final String ATTRIBUTES = "unix:mode,uid,gid,ino,size,lastModifiedTime";
  private static final int TYPE_MASK = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;
  private static final int SYMLINK = 0120000;
  private static final int PERMISSIONS = 07777;

  private PosixStatus() {}

  /** Empty where nothing is there, or what is neither a file, a directory nor a link. */
  static Optional<UfsStatus> read(Path path, String name, LinkOption... links) throws IOException {
    try {
      Map<String, Object> attributes = Files.readAttributes(path, ATTRIBUTES, links);
      int mode = (Integer) attributes.get("mode");
      return switch (mode & TYPE_MASK) {
        case REGULAR -> Optional.of(status(Kind.FILE, name, attributes, ""));
        case DIRECTORY -> Optional.of(status(Kind.DIRECTORY, name, attributes, ""));
        case SYMLINK -> link(path, name, attributes);
        default -> Optional.empty();
      };
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** As {@link #read}, of the path itself where it is a link. */
  static Optional<UfsStatus> readLink(Path path, String name) throws IOException {
    return read(path, name, LinkOption.NOFOLLOW_LINKS);
  }

  private static Optional<UfsStatus> link(Path path, String name, Map<String, Object> attributes)
      throws IOException {
    Path target = Files.readSymbolicLink(path);
    return PosixNames.faithful(target)
        ? Optional.of(status(Kind.SYMLINK, name, attributes, target.toString()))
        : Optional.empty();
  }

  private static UfsStatus status(
      Kind kind, String name, Map<String, Object> attributes, String target) {
    long mtime = ((FileTime) attributes.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS);
    long length = kind == Kind.FILE ? (Long) attributes.get("size") : 0;
    return new UfsStatus(
        name,
        kind,
        kind == Kind.FILE ? attributes.get("ino") + ":" + mtime + ":" + length : "",
        length,
        mtime,
        (Integer) attributes.get("mode") & PERMISSIONS,
        (Integer) attributes.get("uid"),
        (Integer) attributes.get("gid"),
        target,
        List.of());
  }
}
