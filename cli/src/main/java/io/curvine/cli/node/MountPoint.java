/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.node;

import io.curvine.cli.CliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The directory that a mount covers, as the kernel sees it. Linux only. Stateless. */
public final class MountPoint {
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final int MOUNT_POINT_FIELD = 4;
  private static final int UMOUNT_MAX_SECONDS = 10;

  private MountPoint() {}

  /**
   * Makes the directory ready to be mounted on: made where it is missing, and freed of a mount
   * whose process was killed.
   *
   * @throws CliException where it is a living mount, not a directory, or not empty
   */
  public static void prepare(Path directory) throws IOException {
    Path point = canonical(directory);
    if (isMounted(point)) {
      if (answers(point)) {
        throw new CliException(point + " is a mount already; unmount it first: umount " + point);
      }
      detach(point);
    }
    if (!Files.exists(point, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(point);
    }
    if (!Files.isDirectory(point)) {
      throw new CliException(point + " is not a directory; allowed as mount point: an empty one");
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(point)) {
      if (children.iterator().hasNext()) {
        throw new CliException(point + " is not empty; allowed as mount point: an empty directory");
      }
    }
  }

  /** Something is mounted exactly there. */
  public static boolean isMounted(Path directory) throws IOException {
    String point = canonical(directory).toString();
    for (String line : Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1)) {
      String[] fields = line.split(" ", -1);
      if (fields.length > MOUNT_POINT_FIELD && unescape(fields[MOUNT_POINT_FIELD]).equals(point)) {
        return true;
      }
    }
    return false;
  }

  /** Without symbolic links on the way; the directory itself may be dead, so nobody asks it. */
  private static Path canonical(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    boolean resolvable = parent != null && Files.isDirectory(parent);
    return resolvable ? parent.toRealPath().resolve(absolute.getFileName()) : absolute;
  }

  /** Takes away a mount whose process is gone. */
  public static void detach(Path point) throws IOException {
    Process umount =
        new ProcessBuilder("umount", "-l", point.toString()).redirectErrorStream(true).start();
    String said = new String(umount.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    try {
      if (!umount.waitFor(UMOUNT_MAX_SECONDS, TimeUnit.SECONDS) || umount.exitValue() != 0) {
        throw new CliException("cannot take away the dead mount " + point + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted while unmounting " + point, e);
    }
  }

  /** A mount without its process fails every call (ENOTCONN). */
  private static boolean answers(Path point) {
    try {
      Files.getLastModifiedTime(point);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The kernel writes blanks, tabs, line ends and backslashes in octal, and bytes as they are. */
  private static String unescape(String field) {
    byte[] raw = field.getBytes(StandardCharsets.ISO_8859_1);
    byte[] plain = new byte[raw.length];
    int length = 0;
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '\\' && i + 3 < raw.length) {
        plain[length++] = (byte) Integer.parseInt(field.substring(i + 1, i + 4), 8);
        i += 3;
      } else {
        plain[length++] = raw[i];
      }
    }
    return new String(plain, 0, length, StandardCharsets.UTF_8);
  }
}
