/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Attributes of inodes as text and JSON. Stateless. */
final class Show {
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());
  private static final String RIGHTS = "rwxrwxrwx";
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private Show() {}

  /** As ls shows it: {@code drwxr-xr-x}. */
  static String mode(Inode inode) {
    StringBuilder text = new StringBuilder();
    text.append(letter(inode));
    for (int bit = 0; bit < RIGHTS.length(); bit++) {
      boolean set = (inode.getMode() >> (RIGHTS.length() - 1 - bit) & 1) != 0;
      text.append(set ? RIGHTS.charAt(bit) : '-');
    }
    special(text, 3, (inode.getMode() & 04000) != 0, 's');
    special(text, 6, (inode.getMode() & 02000) != 0, 's');
    special(text, 9, (inode.getMode() & 01000) != 0, 't');
    return text.toString();
  }

  private static char letter(Inode inode) {
    return switch (inode.getType()) {
      case DIRECTORY -> 'd';
      case SYMLINK -> 'l';
      case SPECIAL -> SpecialType.of(inode.getSpecialType()).map(SpecialType::letter).orElse('?');
      default -> '-';
    };
  }

  private static void special(StringBuilder text, int at, boolean set, char letter) {
    if (set) {
      text.setCharAt(at, text.charAt(at) == 'x' ? letter : Character.toUpperCase(letter));
    }
  }

  static String type(Inode inode) {
    return inode.getType() == InodeType.SPECIAL
        ? SpecialType.of(inode.getSpecialType()).map(SpecialType::text).orElse("special")
        : inode.getType().name().toLowerCase(Locale.ROOT);
  }

  /** Which device it is, {@code 1:3} by major and minor number; empty for what is none. */
  static Optional<String> device(Inode inode) {
    return SpecialType.of(inode.getSpecialType())
        .filter(SpecialType::isDevice)
        .map(
            type ->
                SpecialType.major(inode.getDevice()) + ":" + SpecialType.minor(inode.getDevice()));
  }

  /** To the minute, in the zone of this machine. */
  static String time(long nanos) {
    return MINUTES.format(instant(nanos));
  }

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
  }

  static String target(Inode inode) {
    return inode.getType() == InodeType.SYMLINK
        ? " -> " + inode.getSymlinkTarget().toStringUtf8()
        : "";
  }

  /** What scripts get of an entry. */
  static ObjectNode json(String path, Inode inode) {
    ObjectNode json =
        Json.object()
            .put("path", path)
            .put("type", type(inode))
            .put("inode", inode.getId())
            .put("length", inode.getLengthBytes())
            .put("mode", String.format(Locale.ROOT, "%04o", inode.getMode()))
            .put("uid", inode.getUid())
            .put("gid", inode.getGid())
            .put("nlink", inode.getNlink())
            .put("atime", instant(inode.getAtimeNanos()).toString())
            .put("mtime", instant(inode.getMtimeNanos()).toString())
            .put("ctime", instant(inode.getCtimeNanos()).toString());
    if (inode.getType() == InodeType.SYMLINK) {
      json.put("target", inode.getSymlinkTarget().toStringUtf8());
    }
    device(inode).ifPresent(device -> json.put("device", device));
    if (inode.getType() == InodeType.FILE) {
      json.put("version", inode.getVersion())
          .put("exportedVersion", inode.getExportedVersion())
          .put("blockSize", inode.getBlockSizeBytes())
          .put("replicas", inode.getReplicas());
    }
    if (inode.hasUfs()) {
      json.put("ufsVersion", inode.getUfs().getVersion());
    }
    return json.put("mountId", inode.getMountId());
  }
}
