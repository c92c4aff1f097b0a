/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.view;

import com.google.protobuf.ByteString;
import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.util.Optional;

/**
 * A listing of the namespace as lines of JSON, with the names that {@link ChangeJsonView} gives to
 * the same things: what {@code curvine.changes} goes on from. Not thread-safe.
 */
public final class EntryJson {
  private final Iso8601 time = new Iso8601();

  /**
   * The first line.
   *
   * @param offset the listing holds every event below it, and no other
   */
  public ByteString begin(long offset, String clusterId) {
    JsonLine line = new JsonLine();
    line.number("offset", offset);
    line.text("cluster", clusterId);
    return line.end();
  }

  /** An entry at one of its names. */
  public ByteString entry(ByteString path, Inode inode) {
    JsonLine line = new JsonLine();
    line.path("path", path);
    line.ascii("kind", ChangeJsonView.kind(inode.getType()));
    line.number("inode", inode.getId());
    if (inode.getType() == InodeType.FILE) {
      line.number("version", inode.getVersion());
      line.number("length", inode.getLengthBytes());
    }
    line.text("mode", "0" + Integer.toOctalString(inode.getMode()));
    line.number("ownerUid", Integer.toUnsignedLong(inode.getUid()));
    line.number("ownerGid", Integer.toUnsignedLong(inode.getGid()));
    line.ascii("mtime", time.format(inode.getMtimeNanos()));
    if (inode.getType() == InodeType.SYMLINK) {
      line.path("target", inode.getSymlinkTarget());
    }
    if (inode.getType() == InodeType.SPECIAL) {
      special(inode, line);
    }
    if (inode.hasUfs()) {
      line.text("ufsVersion", inode.getUfs().getVersion());
    }
    return line.end();
  }

  private static void special(Inode inode, JsonLine line) {
    Optional<SpecialType> type = SpecialType.of(inode.getSpecialType());
    line.text("special", type.map(SpecialType::text).orElse("unknown"));
    if (type.filter(SpecialType::isDevice).isPresent()) {
      int device = inode.getDevice();
      line.text("device", SpecialType.major(device) + ":" + SpecialType.minor(device));
    }
  }

  /** The last line, without which a listing is not whole. */
  public ByteString end(long entries) {
    JsonLine line = new JsonLine();
    line.yes("end");
    line.number("entries", entries);
    return line.end();
  }
}
