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
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies a snapshot of another master into the own store, chunk by chunk over the RPC port. A
 * transfer that broke, or whose master was restarted, goes on where it was, as long as the other
 * one keeps the snapshot. Every digest is compared; a snapshot with one wrong byte is not
 * published. One thread at a time.
 */
public final class SnapshotFetcher {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotFetcher.class);

  /** The other master makes each chunk wait for its turn. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  private static final long BUSY_MILLIS = 100;

  private final RpcClient client;
  private final SnapshotStore store;
  private final TransferProgress progress = new TransferProgress();

  public SnapshotFetcher(RpcClient client, SnapshotStore store) {
    this.client = client;
    this.store = store;
  }

  /** How far the transfer is. */
  public TransferProgress progress() {
    return progress;
  }

  /**
   * Fetches and publishes; blocks.
   *
   * @param firstIndex the oldest Raft entry that the other master still has: a snapshot that ends
   *     before the one in front of it is of no use
   * @return empty where the master has no snapshot
   * @throws CurvineException CORRUPT where a digest does not match; NO_SPACE where it does not fit
   */
  public Optional<SnapshotManifest> fetch(HostPort from, long firstIndex) throws IOException {
    PartialSnapshot partial = store.partial();
    Optional<SnapshotManifest> chosen = choose(from, firstIndex, partial);
    return chosen.isPresent() ? Optional.of(fetch(from, chosen.get(), partial)) : Optional.empty();
  }

  private SnapshotManifest fetch(HostPort from, SnapshotManifest manifest, PartialSnapshot partial)
      throws IOException {
    if (!manifest.getName().equals(SnapshotStore.name(manifest.getTerm(), manifest.getIndex()))) {
      throw new CurvineException(
          ErrorCode.CORRUPT, "the manifest of " + from + " names " + manifest.getName());
    }
    partial.begin(manifest);
    long missing = 0;
    for (SnapshotFile file : manifest.getFilesList()) {
      missing += file.getLengthBytes() - partial.received(file);
    }
    store.requireSpace(missing, manifest.getName());
    new SnapshotTransfer(manifest, partial, progress, chunk -> ask(from, chunk)).run();
    LOG.info("fetched {} from {}, {} bytes of it now", manifest.getName(), from, missing);
    return store.publishVerified(partial.directory(), manifest);
  }

  private Optional<SnapshotManifest> choose(HostPort from, long firstIndex, PartialSnapshot partial)
      throws IOException {
    Optional<SnapshotManifest> begun = partial.manifest();
    if (begun.isPresent() && begun.get().getIndex() + 1 >= firstIndex) {
      MasterResponse answer = manifest(from, begun.get().getName());
      if (answer.getCode() == ErrorCode.OK) {
        return Optional.of(answer.getSnapshotManifest());
      }
      LOG.info("{} does not keep {} any more", from, begun.get().getName());
    }
    MasterResponse answer = manifest(from, "");
    return switch (answer.getCode()) {
      case OK -> Optional.of(answer.getSnapshotManifest());
      case NOT_FOUND -> Optional.empty();
      default -> throw new CurvineException(answer.getCode(), answer.getMessage());
    };
  }

  private MasterResponse manifest(HostPort from, String name) throws IOException {
    MasterRequest request =
        MasterRequest.newBuilder()
            .setGetSnapshotManifest(GetSnapshotManifest.newBuilder().setSnapshot(name))
            .build();
    try {
      return client.call(from, request, ANSWER_MAX).join();
    } catch (CompletionException e) {
      throw new IOException("cannot ask " + from + " for a snapshot: " + e.getCause(), e);
    }
  }

  private CompletableFuture<ByteBuffer> ask(HostPort from, GetSnapshotChunk chunk) {
    MasterRequest request = MasterRequest.newBuilder().setGetSnapshotChunk(chunk).build();
    return client
        .call(from, request, ANSWER_MAX)
        .thenCompose(
            answer ->
                switch (answer.getCode()) {
                  case OK ->
                      CompletableFuture.completedFuture(
                          answer.getSnapshotChunk().getData().asReadOnlyByteBuffer());
                  case BUSY ->
                      CompletableFuture.supplyAsync(
                              () -> ask(from, chunk),
                              CompletableFuture.delayedExecutor(BUSY_MILLIS, TimeUnit.MILLISECONDS))
                          .thenCompose(again -> again);
                  default ->
                      CompletableFuture.failedFuture(
                          new CurvineException(answer.getCode(), answer.getMessage()));
                });
  }
}
