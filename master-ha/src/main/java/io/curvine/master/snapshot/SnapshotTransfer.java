/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import io.curvine.master.leader.Failures;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetSnapshotChunk;
import io.curvine.protocol.proto.SnapshotFile;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the missing bytes of one snapshot, several chunks in flight, each file in order so that it
 * is always received up to some place. For one thread.
 */
final class SnapshotTransfer {
  static final int IN_FLIGHT_MAX = 4;

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotTransfer.class);

  private final SnapshotManifest manifest;
  private final PartialSnapshot partial;
  private final TransferProgress progress;
  private final Function<GetSnapshotChunk, CompletableFuture<ByteBuffer>> ask;
  private final Deque<Chunk> inFlight = new ArrayDeque<>();

  /**
   * @param ask one chunk of the other master; fails with an IOException
   */
  SnapshotTransfer(
      SnapshotManifest manifest,
      PartialSnapshot partial,
      TransferProgress progress,
      Function<GetSnapshotChunk, CompletableFuture<ByteBuffer>> ask) {
    this.manifest = manifest;
    this.partial = partial;
    this.progress = progress;
    this.ask = ask;
  }

  private record Chunk(SnapshotFile file, int length, CompletableFuture<ByteBuffer> data) {}

  /**
   * Returns when every file is here, durable, and has the digest of the manifest. A file that has
   * not is fetched a second time.
   *
   * @throws CurvineException CORRUPT where one is wrong twice
   * @throws IOException where the other master fails; what has come stays for the next try
   */
  void run() throws IOException {
    begin();
    List<SnapshotFile> wrong = fetch(manifest.getFilesList());
    if (wrong.isEmpty()) {
      return;
    }
    LOG.warn("{} came damaged and is fetched again: {}", manifest.getName(), paths(wrong));
    wrong = fetch(wrong);
    if (!wrong.isEmpty()) {
      throw new CurvineException(
          ErrorCode.CORRUPT, manifest.getName() + " came damaged twice: " + paths(wrong));
    }
  }

  private static List<String> paths(List<SnapshotFile> files) {
    return files.stream().map(SnapshotFile::getPath).toList();
  }

  private void begin() throws IOException {
    long total = 0;
    long present = 0;
    for (SnapshotFile file : manifest.getFilesList()) {
      total += file.getLengthBytes();
      present += partial.received(file);
    }
    progress.begin(manifest.getName(), total, present);
  }

  /** Fetches what is missing of these, and gives those that are wrong, of which nothing is kept. */
  private List<SnapshotFile> fetch(List<SnapshotFile> files) throws IOException {
    List<SnapshotFile> wrong = new ArrayList<>();
    try {
      Deque<SnapshotFile> received = new ArrayDeque<>();
      for (SnapshotFile file : files) {
        request(file, received, wrong);
        received.add(file);
      }
      while (!inFlight.isEmpty()) {
        receive(inFlight.poll());
      }
      check(received, wrong);
    } finally {
      inFlight.forEach(chunk -> chunk.data().cancel(false));
      inFlight.clear();
    }
    return wrong;
  }

  private void request(SnapshotFile file, Deque<SnapshotFile> before, List<SnapshotFile> wrong)
      throws IOException {
    long at = partial.received(file);
    if (file.getLengthBytes() == 0) {
      partial.append(file).close();
    }
    while (at < file.getLengthBytes()) {
      if (inFlight.size() >= IN_FLIGHT_MAX) {
        receive(inFlight.poll());
        checkUpTo(before, wrong);
      }
      int length = (int) Math.min(SnapshotStore.CHUNK_MAX_BYTES, file.getLengthBytes() - at);
      GetSnapshotChunk chunk =
          GetSnapshotChunk.newBuilder()
              .setSnapshot(manifest.getName())
              .setPath(file.getPath())
              .setOffsetBytes(at)
              .setLengthBytes(length)
              .build();
      inFlight.add(new Chunk(file, length, ask.apply(chunk)));
      at += length;
    }
  }

  /** Checks the files of which nothing is in flight any more, while more comes. */
  private void checkUpTo(Deque<SnapshotFile> before, List<SnapshotFile> wrong) throws IOException {
    Deque<SnapshotFile> whole = new ArrayDeque<>();
    SnapshotFile next = inFlight.isEmpty() ? null : inFlight.peek().file();
    while (!before.isEmpty() && next != null && !before.peek().equals(next)) {
      whole.add(before.poll());
    }
    check(whole, wrong);
  }

  private void check(Deque<SnapshotFile> received, List<SnapshotFile> wrong) throws IOException {
    for (SnapshotFile file : received) {
      if (!partial.isRight(file)) {
        progress.dropped(partial.received(file));
        partial.restart(file);
        wrong.add(file);
      }
    }
  }

  private void receive(Chunk chunk) throws IOException {
    ByteBuffer data;
    try {
      data = chunk.data().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the master ends; the transfer goes on when it starts again", e);
    } catch (ExecutionException | CancellationException e) {
      if (Failures.cause(e) instanceof CurvineException refused) {
        throw refused;
      }
      throw new IOException("the transfer of " + manifest.getName() + " broke", e);
    }
    if (data.remaining() != chunk.length()) {
      throw new CurvineException(
          ErrorCode.CORRUPT,
          manifest.getName() + "/" + chunk.file().getPath() + " is shorter than its manifest says");
    }
    try (FileChannel channel = partial.append(chunk.file())) {
      while (data.hasRemaining()) {
        channel.write(data);
      }
    }
    progress.received(chunk.length());
  }
}
