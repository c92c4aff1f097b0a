/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStatus.Kind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.hdfs.protocol.HdfsFileStatus;

/**
 * Makes entries of what HDFS says of files. A file's version is {@code fileId:mtimeNanos:length}:
 * whoever replaces, appends to or truncates a file makes another version. Owners are names, and no
 * numbers, so that they are not given. Pure.
 */
final class HdfsStatuses {
  private static final Pattern VERSION = Pattern.compile("(\\d{1,19}):(\\d{1,19}):\\d{1,19}");
  private static final int PERMISSIONS = 07777;

  private HdfsStatuses() {}

  /**
   * What a version says of its file.
   *
   * @param fileId never given twice
   */
  record Version(long fileId, long mtimeMillis) {}

  /** Empty for a symbolic link, which a mount does not show. */
  static Optional<UfsStatus> of(String name, FileStatus status) {
    if (status.isSymlink()) {
      return Optional.empty();
    }
    long mtime = TimeUnit.MILLISECONDS.toNanos(status.getModificationTime());
    boolean file = status.isFile();
    long length = file ? status.getLen() : 0;
    return Optional.of(
        new UfsStatus(
            name,
            file ? Kind.FILE : Kind.DIRECTORY,
            file ? ((HdfsFileStatus) status).getFileId() + ":" + mtime + ":" + length : "",
            length,
            mtime,
            status.getPermission().toShort() & PERMISSIONS,
            -1,
            -1,
            "",
            List.of()));
  }

  /** Empty for what is no version of HDFS. */
  static Optional<Version> version(String version) {
    Matcher matcher = VERSION.matcher(version);
    return matcher.matches()
        ? Optional.of(
            new Version(
                Long.parseLong(matcher.group(1)),
                TimeUnit.NANOSECONDS.toMillis(Long.parseLong(matcher.group(2)))))
        : Optional.empty();
  }
}
