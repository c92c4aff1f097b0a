/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What /proc/self/mountinfo says; unlike a stat it never asks the file system itself. */
final class MountTable {
  private static final Path MOUNT_INFO = Path.of("/proc/self/mountinfo");
  private static final int DEVICE = 2;
  private static final int MOUNT_POINT = 4;

  private MountTable() {}

  /**
   * A mounted file system.
   *
   * @param device major:minor; the minor is also the number of a FUSE connection
   */
  record Mounted(String device, String type) {
    String minor() {
      return device.substring(device.indexOf(':') + 1);
    }

    boolean isFuse() {
      return type.equals("fuse") || type.startsWith("fuse.");
    }
  }

  /** The topmost file system mounted on exactly that path. */
  static Optional<Mounted> at(Path path) throws IOException {
    Mounted found = null;
    String text = new String(Files.readAllBytes(MOUNT_INFO), StandardCharsets.UTF_8);
    for (String line : text.split("\n", -1)) {
      Mounted mounted = parse(line, path.toString());
      found = mounted == null ? found : mounted;
    }
    return Optional.ofNullable(found);
  }

  /** Null where the line is of another path. */
  static Mounted parse(String line, String path) {
    String[] fields = line.split(" ", -1);
    int dash = line.indexOf(" - ");
    if (fields.length <= MOUNT_POINT || dash < 0 || !unescape(fields[MOUNT_POINT]).equals(path)) {
      return null;
    }
    String type = line.substring(dash + 3).split(" ", 2)[0];
    return new Mounted(fields[DEVICE], type);
  }

  /** Blank, tab, newline and backslash are written as a backslash and three octal digits. */
  private static String unescape(String field) {
    return field
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
