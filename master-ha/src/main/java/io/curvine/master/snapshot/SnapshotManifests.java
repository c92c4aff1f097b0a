/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import com.google.protobuf.InvalidProtocolBufferException;
import io.curvine.protocol.proto.SnapshotFile;
import io.curvine.protocol.proto.SnapshotInfo;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Manifests as they are on a disk: with a digest of their own, so that a flipped bit in one is
 * found. Stateless.
 */
public final class SnapshotManifests {
  /** Name of the file in a snapshot's directory. */
  public static final String FILE = "manifest";

  private SnapshotManifests() {}

  /**
   * The manifest in a snapshot's directory.
   *
   * @throws java.nio.file.NoSuchFileException where there is none
   * @throws InvalidProtocolBufferException where it is none, or fails its digest
   */
  public static SnapshotManifest read(Path snapshot) throws IOException {
    SnapshotManifest manifest =
        SnapshotManifest.parseFrom(Files.readAllBytes(snapshot.resolve(FILE)));
    if (isSealed(manifest) && !seal(manifest).equals(manifest)) {
      throw new InvalidProtocolBufferException("the manifest fails its own checksum");
    }
    return manifest;
  }

  /** Whether it has a digest of its own; those of builds before this had none. */
  public static boolean isSealed(SnapshotManifest manifest) {
    return !manifest.getOwnSha256().isEmpty();
  }

  /** What is told of it. */
  public static SnapshotInfo info(SnapshotManifest manifest) {
    return SnapshotInfo.newBuilder()
        .setName(manifest.getName())
        .setOffset(manifest.getOffset())
        .setTerm(manifest.getTerm())
        .setIndex(manifest.getIndex())
        .setTimeNanos(manifest.getTimeNanos())
        .setKeys(manifest.getKeys())
        .setBytes(manifest.getFilesList().stream().mapToLong(SnapshotFile::getLengthBytes).sum())
        .setChainHash(manifest.getChainHash())
        .build();
  }

  /** The same with its digest. */
  public static SnapshotManifest seal(SnapshotManifest manifest) {
    SnapshotManifest bare = manifest.toBuilder().clearOwnSha256().build();
    byte[] digest = SnapshotFiles.sha256().digest(bare.toByteArray());
    return bare.toBuilder().setOwnSha256(HexFormat.of().formatHex(digest)).build();
  }
}
