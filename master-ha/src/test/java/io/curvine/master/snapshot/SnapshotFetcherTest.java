/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetSnapshotChunk;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.SnapshotChunk;
import io.curvine.protocol.proto.SnapshotFile;
import io.curvine.protocol.proto.SnapshotManifest;
import io.curvine.protocol.rpc.RpcClient;
import io.curvine.protocol.rpc.RpcHandler;
import io.curvine.protocol.rpc.RpcResponder;
import io.curvine.protocol.rpc.RpcServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SnapshotFetcherTest {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final RpcClient client = new RpcClient(Duration.ofSeconds(5));
  private final AtomicInteger chunks = new AtomicInteger();
  private SnapshotStore theirs;
  private SnapshotStore mine;
  private RpcServer server;

  /** What stands between the two masters; gives whether it answered in the other's place. */
  private volatile Trouble trouble = (request, responder) -> false;

  private interface Trouble {
    boolean answers(GetSnapshotChunk request, RpcResponder responder);
  }

  @BeforeEach
  void start() throws IOException {
    theirs = SnapshotStoreTest.open(directory.resolve("theirs"), 1);
    mine = SnapshotStoreTest.open(directory.resolve("mine"), 2);
    server = RpcServer.start(HostPort.parse("127.0.0.1:0"), 1, handler());
  }

  private RpcHandler handler() {
    SnapshotSource source = new SnapshotSource(theirs, 0, thread);
    return (request, responder) -> {
      if (request.hasGetSnapshotManifest()) {
        responder.respond(manifest(source, request));
        return;
      }
      chunks.incrementAndGet();
      if (!trouble.answers(request.getGetSnapshotChunk(), responder)) {
        source
            .read(request.getGetSnapshotChunk())
            .thenAccept(
                chunk ->
                    responder.respond(MasterResponse.newBuilder().setSnapshotChunk(chunk).build()));
      }
    };
  }

  private static MasterResponse manifest(SnapshotSource source, MasterRequest request) {
    try {
      Optional<SnapshotManifest> found =
          source.manifest(request.getGetSnapshotManifest().getSnapshot());
      return found.isPresent()
          ? MasterResponse.newBuilder().setSnapshotManifest(found.get()).build()
          : MasterResponse.newBuilder().setCode(ErrorCode.NOT_FOUND).setMessage("none").build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
    thread.shutdownNow();
  }

  private SnapshotManifest publish(long index, int... megabytes) throws IOException {
    String name = SnapshotStore.name(1, index);
    Path unfinished = theirs.begin(name);
    Files.createDirectories(unfinished.resolve("db"));
    for (int i = 0; i < megabytes.length; i++) {
      byte[] content = new byte[megabytes[i] * MIB + i];
      new Random(i).nextBytes(content);
      Files.write(unfinished.resolve("db/" + i + ".sst"), content);
    }
    return theirs.publish(
        unfinished, SnapshotManifest.newBuilder().setName(name).setTerm(1).setIndex(index).build());
  }

  private SnapshotManifest fetch(long firstIndex) throws IOException {
    return new SnapshotFetcher(client, mine)
        .fetch(new HostPort("127.0.0.1", server.port()), firstIndex)
        .orElseThrow();
  }

  /** Refuses all from the n-th chunk on. */
  private Trouble breaksAfter(int count) {
    AtomicInteger left = new AtomicInteger(count);
    return (request, responder) -> {
      if (left.getAndDecrement() > 0) {
        return false;
      }
      responder.respond(
          MasterResponse.newBuilder().setCode(ErrorCode.NOT_READY).setMessage("gone").build());
      return true;
    };
  }

  @Test
  void aMasterWithoutSnapshotsHasNone() throws IOException {
    assertThat(new SnapshotFetcher(client, mine).fetch(new HostPort("127.0.0.1", server.port()), 0))
        .isEmpty();
  }

  @Test
  void fetchesBitForBit() throws IOException {
    SnapshotManifest published = publish(8, 9, 0, 1, 0, 3);
    assertThat(fetch(5)).isEqualTo(published);
    assertThat(mine.check(published)).isEmpty();
    assertThat(mine.newest()).contains(published);
  }

  @Test
  void goesOnWhereItWasAfterARestart() throws IOException {
    SnapshotManifest published = publish(8, 3, 9, 2);
    trouble = breaksAfter(7);
    assertThatThrownBy(() -> fetch(5)).hasMessageContaining("gone");
    trouble = (request, responder) -> false;
    chunks.set(0);
    mine = SnapshotStoreTest.open(directory.resolve("mine"), 2);
    int missing = 0;
    for (SnapshotFile file : published.getFilesList()) {
      long left = file.getLengthBytes() - mine.partial().received(file);
      missing += (int) ((left + MIB - 1) / MIB);
    }
    assertThat(missing).as("of 16").isBetween(1, 12);
    assertThat(fetch(5)).isEqualTo(published);
    assertThat(mine.check(published)).isEmpty();
    // What was on its way when the transfer broke may have come since it was counted.
    assertThat(chunks.get()).isBetween(1, missing);
  }

  @Test
  void keepsOfAnOlderSnapshotWhatTheNewerOneHasToo() throws IOException {
    publish(8, 3, 4);
    trouble = breaksAfter(6);
    assertThatThrownBy(() -> fetch(5)).hasMessageContaining("gone");
    trouble = (request, responder) -> false;
    chunks.set(0);
    SnapshotManifest newer = publish(20, 3, 6);
    assertThat(fetch(15)).as("the older one ends before the log begins").isEqualTo(newer);
    assertThat(mine.check(newer)).isEmpty();
    assertThat(chunks.get()).isEqualTo(7);
  }

  @Test
  void aDamagedFileIsFetchedAgainOnce() throws IOException {
    SnapshotManifest published = publish(8, 1, 2);
    AtomicInteger damaged = new AtomicInteger(1);
    trouble =
        (request, responder) ->
            request.getPath().equals("db/1.sst")
                && damaged.getAndDecrement() > 0
                && respond(responder, request);
    assertThat(fetch(5)).isEqualTo(published);
    assertThat(mine.check(published)).isEmpty();

    SnapshotManifest next = publish(9, 1, 2);
    damaged.set(100);
    assertThatThrownBy(() -> fetch(5))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT))
        .hasMessageContaining("came damaged twice: [db/1.sst]");
    assertThat(mine.newest()).contains(published);
    damaged.set(0);
    assertThat(fetch(5)).isEqualTo(next);
  }

  private static boolean respond(RpcResponder responder, GetSnapshotChunk request) {
    responder.respond(
        MasterResponse.newBuilder()
            .setSnapshotChunk(
                SnapshotChunk.newBuilder()
                    .setData(ByteString.copyFrom(new byte[request.getLengthBytes()])))
            .build());
    return true;
  }

  @Test
  void askedTooMuchItComesLater() throws IOException {
    SnapshotManifest published = publish(8, 3);
    AtomicInteger busy = new AtomicInteger(5);
    trouble =
        (request, responder) -> {
          if (busy.getAndDecrement() <= 0) {
            return false;
          }
          responder.respond(MasterResponse.newBuilder().setCode(ErrorCode.BUSY).build());
          return true;
        };
    assertThat(fetch(5)).isEqualTo(published);
  }
}
