/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.view;

import com.google.protobuf.ByteString;
import io.curvine.journal.EventView;
import io.curvine.protocol.change.Changes;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.InodeType;
import java.util.Optional;

/**
 * {@code curvine.changes}: a record's key is the path, its value one line of JSON with the fields
 * of {@link Change}; those that do not apply are left out. Bytes of a name that are no UTF-8 are
 * shown as U+FFFD, and {@code pathBase64} then has the path as it is.
 */
public final class ChangeJsonView implements EventView {
  private final Iso8601 time = new Iso8601();

  @Override
  public Optional<Shown> show(long offset, Event event) {
    return Changes.of(offset, event)
        .map(
            change ->
                new Shown(change.getPath(), json(change), ChangeProtoView.name(change.getType())));
  }

  /** A change as one line of JSON. */
  public ByteString json(Change change) {
    JsonLine line = new JsonLine();
    line.number("offset", change.getOffset());
    line.ascii("time", time.format(change.getTimeNanos()));
    line.ascii("type", ChangeProtoView.name(change.getType()));
    line.path("path", change.getPath());
    if (!change.getOldPath().isEmpty()) {
      line.path("oldPath", change.getOldPath());
    }
    line.ascii("kind", kind(change.getKind()));
    line.number("inode", change.getInode());
    if (change.getKind() == InodeType.FILE) {
      line.number("version", change.getVersion());
      line.number("length", change.getLengthBytes());
    }
    if (!change.getUser().isEmpty()) {
      line.text("user", change.getUser());
    }
    line.number("uid", Integer.toUnsignedLong(change.getUid()));
    line.number("gid", Integer.toUnsignedLong(change.getGid()));
    if (!change.getClient().isEmpty()) {
      line.text("client", change.getClient());
    }
    if (change.getSession() != 0) {
      line.number("session", change.getSession());
    }
    if (change.getByUfs()) {
      line.yes("byUfs");
    }
    attributes(change, line);
    return line.end();
  }

  private static void attributes(Change change, JsonLine line) {
    if (change.hasMode()) {
      line.text("mode", "0" + Integer.toOctalString(change.getMode()));
    }
    if (change.hasOwnerUid()) {
      line.number("ownerUid", Integer.toUnsignedLong(change.getOwnerUid()));
    }
    if (change.hasOwnerGid()) {
      line.number("ownerGid", Integer.toUnsignedLong(change.getOwnerGid()));
    }
    if (!change.getXattr().isEmpty()) {
      line.text("xattr", change.getXattr());
    }
  }

  private static final ByteString FILE = ByteString.copyFromUtf8("file");
  private static final ByteString DIRECTORY = ByteString.copyFromUtf8("directory");
  private static final ByteString SYMLINK = ByteString.copyFromUtf8("symlink");
  private static final ByteString SPECIAL = ByteString.copyFromUtf8("special");

  /** As it is written in JSON. */
  static ByteString kind(InodeType type) {
    return switch (type) {
      case FILE -> FILE;
      case DIRECTORY -> DIRECTORY;
      case SYMLINK -> SYMLINK;
      case SPECIAL -> SPECIAL;
      case INODE_TYPE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("an entry of type " + type);
    };
  }
}
