/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import com.google.protobuf.ByteString;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.UfsBinding;
import io.curvine.protocol.proto.UfsEntry;
import io.curvine.ufs.UfsStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Puts what a UFS lists into the journal's words. */
final class UfsEntries {
  /** As the namespace sorts names. */
  static final Comparator<UfsEntry> BY_NAME =
      Comparator.comparing(UfsEntry::getName, ByteString.unsignedLexicographicalComparator());

  private UfsEntries() {}

  /** The entry; empty where its name cannot be one in the namespace. */
  static Optional<UfsEntry> of(UfsStatus status) {
    ByteString name = ByteString.copyFromUtf8(status.name());
    if (!allowed(status.name(), name)) {
      return Optional.empty();
    }
    UfsEntry.Builder entry =
        UfsEntry.newBuilder()
            .setName(name)
            .setUfs(binding(status))
            .setMode(Math.max(0, status.mode()))
            .setUid(Math.max(0, status.uid()))
            .setGid(Math.max(0, status.gid()));
    return Optional.of(
        switch (status.kind()) {
          case FILE -> entry.setType(InodeType.FILE).build();
          case DIRECTORY -> entry.setType(InodeType.DIRECTORY).build();
          case SYMLINK ->
              entry
                  .setType(InodeType.SYMLINK)
                  .setSymlinkTarget(ByteString.copyFromUtf8(status.symlinkTarget()))
                  .build();
        });
  }

  /** A directory of which nothing is known but that it is there. */
  static UfsEntry directory(ByteString name) {
    return UfsEntry.newBuilder()
        .setName(name)
        .setType(InodeType.DIRECTORY)
        .setUfs(UfsBinding.getDefaultInstance())
        .build();
  }

  static UfsBinding binding(UfsStatus status) {
    return UfsBinding.newBuilder()
        .setVersion(status.version())
        .setLengthBytes(status.lengthBytes())
        .setMtimeNanos(status.mtimeNanos())
        .build();
  }

  private static boolean allowed(String text, ByteString name) {
    return !name.isEmpty()
        && name.size() <= Limits.NAME_MAX_BYTES
        && !List.of(".", "..").contains(text)
        && text.indexOf('/') < 0
        && text.indexOf('\0') < 0;
  }
}
