/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetSnapshotChunk;
import io.curvine.protocol.proto.GetSnapshotManifest;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.SnapshotFile;
import io.curvine.protocol.proto.SnapshotManifest;
import io.curvine.protocol.rpc.RpcClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the newest snapshot of another master into the own store, chunk by chunk over the RPC
 * port. Every digest is compared; a snapshot with one wrong byte is not published. Thread-safe.
 */
public final class SnapshotFetcher {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotFetcher.class);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  private final RpcClient client;
  private final SnapshotStore store;

  public SnapshotFetcher(RpcClient client, SnapshotStore store) {
    this.client = client;
    this.store = store;
  }

  /**
   * Fetches and publishes; blocks.
   *
   * @throws CurvineException NOT_FOUND where the master has no snapshot; CORRUPT where a digest
   *     does not match
   */
  public SnapshotManifest fetch(HostPort from) throws IOException {
    SnapshotManifest manifest =
        call(
                from,
                MasterRequest.newBuilder()
                    .setGetSnapshotManifest(GetSnapshotManifest.getDefaultInstance())
                    .build())
            .getSnapshotManifest();
    if (!manifest.getName().equals(SnapshotStore.name(manifest.getTerm(), manifest.getIndex()))) {
      throw new CurvineException(
          ErrorCode.CORRUPT, "the manifest of " + from + " names " + manifest.getName());
    }
    Path unfinished = store.begin(manifest.getName());
    long bytes = 0;
    for (SnapshotFile file : manifest.getFilesList()) {
      fetch(from, manifest.getName(), file, unfinished);
      bytes += file.getLengthBytes();
    }
    LOG.info("fetched {} with {} bytes from {}", manifest.getName(), bytes, from);
    return store.publishVerified(unfinished, manifest);
  }

  private void fetch(HostPort from, String snapshot, SnapshotFile file, Path root)
      throws IOException {
    Path target = root.resolve(file.getPath()).normalize();
    if (!target.startsWith(root)) {
      throw new CurvineException(
          ErrorCode.CORRUPT, "the manifest of " + from + " has the file " + file.getPath());
    }
    Files.createDirectories(target.getParent());
    MessageDigest digest = SnapshotFiles.sha256();
    try (FileChannel channel =
        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long at = 0;
      while (at < file.getLengthBytes()) {
        ByteBuffer chunk = chunk(from, snapshot, file, at);
        at += chunk.remaining();
        digest.update(chunk.duplicate());
        while (chunk.hasRemaining()) {
          channel.write(chunk);
        }
      }
      channel.force(true);
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(file.getSha256())) {
      throw new CurvineException(
          ErrorCode.CORRUPT, snapshot + "/" + file.getPath() + " came damaged from " + from);
    }
  }

  private ByteBuffer chunk(HostPort from, String snapshot, SnapshotFile file, long at)
      throws IOException {
    long wanted = Math.min(SnapshotStore.CHUNK_MAX_BYTES, file.getLengthBytes() - at);
    MasterRequest request =
        MasterRequest.newBuilder()
            .setGetSnapshotChunk(
                GetSnapshotChunk.newBuilder()
                    .setSnapshot(snapshot)
                    .setPath(file.getPath())
                    .setOffsetBytes(at)
                    .setLengthBytes((int) wanted))
            .build();
    ByteBuffer data = call(from, request).getSnapshotChunk().getData().asReadOnlyByteBuffer();
    if (!data.hasRemaining() || data.remaining() > wanted) {
      throw new CurvineException(
          ErrorCode.CORRUPT, snapshot + "/" + file.getPath() + " has another length at " + from);
    }
    return data;
  }

  private MasterResponse call(HostPort from, MasterRequest request) throws IOException {
    MasterResponse response;
    try {
      response = client.call(from, request, ANSWER_MAX).join();
    } catch (CompletionException | CancellationException e) {
      throw new IOException("cannot fetch a snapshot from " + from, e);
    }
    if (response.getCode() != ErrorCode.OK) {
      throw new CurvineException(response.getCode(), response.getMessage());
    }
    return response;
  }
}
