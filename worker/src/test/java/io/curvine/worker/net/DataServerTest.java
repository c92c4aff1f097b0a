/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockFileFormat;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.BlockTarget;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.UfsSource;
import io.curvine.protocol.proto.WorkerAddress;
import io.curvine.protocol.rpc.NettyLoops;
import io.curvine.worker.MemoryUfs;
import io.curvine.worker.fill.PageFiller;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockState;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.StoreFixture;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataServerTest {
  private static final BlockKey KEY = new BlockKey(5, 2, 0);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir Path dir;

  private final MemoryUfs ufs = new MemoryUfs();
  private final EventLoopGroup loops = NettyLoops.newGroup(1, "test-client");
  private final List<AutoCloseable> closing = new ArrayList<>();
  private volatile boolean leaseHeld = true;
  private Node first;
  private Node second;

  /** A worker's data plane. */
  private record Node(BlockStore store, DataServer server, Path path) {
    HostPort address() {
      return new HostPort("127.0.0.1", server.port());
    }

    BlockTarget target(int id) {
      return BlockTarget.newBuilder()
          .setWorkerId(id)
          .setAddress(WorkerAddress.newBuilder().setHost("127.0.0.1").setDataPort(server.port()))
          .build();
    }
  }

  @BeforeEach
  void start() throws IOException {
    first = node("one");
    second = node("two");
  }

  private Node node(String name) throws IOException {
    Path path = dir.resolve(name);
    BlockStore store = StoreFixture.open(path, 64L << 20);
    PageFiller filler = new PageFiller(mount -> ufs, 2, 8 << 20);
    DataServer server =
        new DataServer(store, filler, () -> leaseHeld ? TIMEOUT.toNanos() : 0, 4, TIMEOUT, TIMEOUT);
    server.listen(new HostPort("127.0.0.1", 0));
    closing.add(server);
    closing.add(filler);
    closing.add(store);
    return new Node(store, server, path);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : closing) {
      part.close();
    }
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private PeerConnection connect(Node node) {
    PeerConnection connection = new PeerConnection(loops, node.address(), TIMEOUT);
    closing.add(0, connection);
    return connection;
  }

  private static BlockHeader header(BlockOp op, int flags, int crc, long offset, long length) {
    return new BlockHeader(
        op, 0, flags, 0, KEY.inode(), KEY.version(), KEY.index(), crc, offset, length, 0, 0);
  }

  private static CompletableFuture<BlockFrame> call(
      PeerConnection connection, BlockOp op, int flags, long length, BlockRequestExtra extra) {
    return connection.call(header(op, flags, 0, 0, length), extra, Unpooled.EMPTY_BUFFER);
  }

  private static CompletableFuture<BlockFrame> write(
      PeerConnection connection, long offset, byte[] bytes) {
    ByteBuf payload = Unpooled.wrappedBuffer(bytes);
    return connection.call(
        header(BlockOp.WRITE, 0, Frames.checksum(payload), offset, bytes.length),
        BlockRequestExtra.getDefaultInstance(),
        payload);
  }

  private static BlockHeader done(CompletableFuture<BlockFrame> answer) throws Exception {
    BlockFrame reply = answer.get(20, TimeUnit.SECONDS);
    reply.release();
    return reply.header();
  }

  private static BlockRequestExtra pipeline(BlockTarget... targets) {
    return BlockRequestExtra.newBuilder().addAllPipeline(Arrays.asList(targets)).build();
  }

  private BlockRequestExtra source(String path, String version, byte[] object) {
    return BlockRequestExtra.newBuilder()
        .setValidBytes(object.length)
        .setUfs(
            UfsSource.newBuilder()
                .setMountId(1)
                .setPath(ByteString.copyFromUtf8(path))
                .setVersion(version)
                .setLengthBytes(object.length))
        .build();
  }

  private byte[] read(Node node, long offset, int length, BlockRequestExtra extra)
      throws IOException {
    try (PeerReader reader = new PeerReader(loops, TIMEOUT)) {
      return reader.read(node.address(), KEY, offset, length, extra);
    }
  }

  private static void refused(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(CurvineException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void fillsWhatIsMissingOnceAndServesItFromTheCacheAfterwards() throws Exception {
    byte[] object = random(3 * PAGE_SIZE_BYTES + 123, 1);
    BlockRequestExtra extra = source("f", ufs.put("f", object), object);
    assertThat(read(first, 0, PAGE_SIZE_BYTES, extra))
        .isEqualTo(Arrays.copyOf(object, PAGE_SIZE_BYTES));
    assertThat(read(first, 0, PAGE_SIZE_BYTES, BlockRequestExtra.getDefaultInstance()))
        .isEqualTo(Arrays.copyOf(object, PAGE_SIZE_BYTES));
    assertThat(read(first, 100, 5000, extra)).isEqualTo(Arrays.copyOfRange(object, 100, 5100));
    assertThat(read(first, 3L * PAGE_SIZE_BYTES, 123, extra))
        .isEqualTo(Arrays.copyOfRange(object, 3 * PAGE_SIZE_BYTES, object.length));
    assertThat(read(first, 500, 3 * PAGE_SIZE_BYTES - 500, extra))
        .isEqualTo(Arrays.copyOfRange(object, 500, 3 * PAGE_SIZE_BYTES));
    assertThat(first.server.cachedReads()).isEqualTo(2);
    assertThat(first.server.filledReads()).isEqualTo(3);
  }

  @Test
  void aFlippedBitIsCountedAndTheRightBytesAreFetchedAgain() throws Exception {
    byte[] object = random(PAGE_SIZE_BYTES, 1);
    BlockRequestExtra extra = source("f", ufs.put("f", object), object);
    for (int length : new int[] {PAGE_SIZE_BYTES, 4096}) {
      read(first, 0, PAGE_SIZE_BYTES, extra);
      Path file = StoreFixture.file(first.path, KEY);
      byte[] bytes = Files.readAllBytes(file);
      bytes[BlockFileFormat.DATA_AT + 77] ^= 1;
      Files.write(file, bytes);
      assertThat(read(first, 0, length, extra)).isEqualTo(Arrays.copyOf(object, length));
    }
    assertThat(first.store.corruptPages()).isEqualTo(2);
    assertThat(ufs.opened()).hasSize(3);
  }

  @Test
  void aFileThatCannotBeSentIsLookedAtAgain() throws Exception {
    byte[] object = random(PAGE_SIZE_BYTES, 1);
    BlockRequestExtra extra = source("f", ufs.put("f", object), object);
    read(first, 0, PAGE_SIZE_BYTES, extra);
    try (FileChannel file =
        FileChannel.open(StoreFixture.file(first.path, KEY), StandardOpenOption.WRITE)) {
      file.truncate(BlockFileFormat.DATA_AT + 1);
    }
    // Its checksums are known, so nothing of it is read before it is sent.
    assertThatThrownBy(() -> read(first, 0, PAGE_SIZE_BYTES, extra))
        .isInstanceOf(IOException.class);
    assertThat(readUntilItCan(extra)).isEqualTo(object);
    assertThat(first.store.corruptPages()).isEqualTo(1);
  }

  /** Until the worker has looked. */
  private byte[] readUntilItCan(BlockRequestExtra extra) throws IOException {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    while (true) {
      try {
        return read(first, 0, PAGE_SIZE_BYTES, extra);
      } catch (IOException e) {
        if (System.nanoTime() - end > 0) {
          throw e;
        }
      }
    }
  }

  @Test
  void saysWhyItCannotServe() throws Exception {
    byte[] object = random(1000, 1);
    BlockRequestExtra extra = source("f", ufs.put("f", object), object);
    refused(
        ErrorCode.BLOCK_NOT_FOUND,
        () -> read(first, 0, 10, BlockRequestExtra.getDefaultInstance()));
    refused(ErrorCode.UFS_CHANGED, () -> read(first, 0, 10, source("f", "old", object)));
    refused(ErrorCode.INVALID_ARGUMENT, () -> read(first, 0, 1001, extra));
    leaseHeld = false;
    refused(ErrorCode.FENCED, () -> read(first, 0, 10, extra));
    leaseHeld = true;
    assertThat(read(first, 0, 10, extra)).isEqualTo(Arrays.copyOf(object, 10));
  }

  @Test
  void aFullCacheIsNoReasonNotToRead() throws Exception {
    byte[] big = random((64 << 20) - 600_000, 1);
    StoreFixture.write(first.store, new BlockKey(99, 1, 0), big);
    byte[] object = random(4 * PAGE_SIZE_BYTES, 2);
    BlockRequestExtra extra = source("f", ufs.put("f", object), object);
    for (int page = 0; page < 4; page++) {
      int from = page * PAGE_SIZE_BYTES;
      assertThat(read(first, from, PAGE_SIZE_BYTES, extra))
          .isEqualTo(Arrays.copyOfRange(object, from, from + PAGE_SIZE_BYTES));
    }
    assertThat(first.store.tiers().get(0).getPinnedBytes()).isEqualTo(big.length);
  }

  @Test
  void writesThroughThePipelineToEveryReplica() throws Exception {
    byte[] bytes = random(2 * PAGE_SIZE_BYTES + 999, 1);
    PeerConnection client = connect(first);
    List<CompletableFuture<BlockFrame>> answers = new ArrayList<>();
    answers.add(call(client, BlockOp.OPEN_WRITE, 0, 0, pipeline(second.target(2))));
    for (int at = 0; at < bytes.length; at += 300_000) {
      answers.add(
          write(client, at, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 300_000))));
    }
    BlockRequestExtra none = BlockRequestExtra.getDefaultInstance();
    answers.add(call(client, BlockOp.SYNC, BlockHeader.FLAG_FSYNC, bytes.length, none));
    for (CompletableFuture<BlockFrame> answer : answers) {
      done(answer);
    }
    assertThat(read(first, 0, bytes.length, none)).isEqualTo(bytes);
    done(call(client, BlockOp.COMMIT, BlockHeader.FLAG_FSYNC, bytes.length, none));
    for (Node node : List.of(first, second)) {
      assertThat(node.store.stateOf(KEY)).contains(BlockState.PINNED);
      assertThat(read(node, 0, bytes.length, none)).isEqualTo(bytes);
      assertThatThrownBy(() -> done(call(connect(node), BlockOp.FREE, 0, 0, none)))
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("the UFS does not have it");
    }
    goOn(client, bytes, none);
  }

  /** After the commit the same connection goes on, at once, without waiting between. */
  private void goOn(PeerConnection client, byte[] bytes, BlockRequestExtra none) throws Exception {
    byte[] more = random(400_000, 2);
    List<CompletableFuture<BlockFrame>> answers = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      answers.add(call(client, BlockOp.OPEN_WRITE, 0, bytes.length, pipeline(second.target(2))));
      answers.add(write(client, bytes.length, more));
      answers.add(call(client, BlockOp.COMMIT, 0, bytes.length + more.length, none));
    }
    for (CompletableFuture<BlockFrame> answer : answers) {
      done(answer);
    }
    for (Node node : List.of(first, second)) {
      assertThat(read(node, bytes.length, more.length, none)).isEqualTo(more);
    }
  }

  @Test
  void aBlockThatIsWrittenIsReadFromTheUfsOnceThatHasItsVersion() throws Exception {
    byte[] written = random(1000, 1);
    byte[] object = random(1000, 2);
    PeerConnection client = connect(first);
    BlockRequestExtra none = BlockRequestExtra.getDefaultInstance();
    done(call(client, BlockOp.OPEN_WRITE, 0, 0, none));
    done(write(client, 0, written));
    done(call(client, BlockOp.SYNC, 0, 1000, none));
    assertThat(read(first, 0, 1000, none)).isEqualTo(written);
    assertThat(read(first, 0, 1000, source("f", ufs.put("f", object), object)))
        .as("nobody says that what is here is what was exported")
        .isEqualTo(object);
  }

  @Test
  void requestsKeepTheirOrderAtEveryReplica() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] expected = new byte[PAGE_SIZE_BYTES];
    PeerConnection client = connect(first);
    BlockRequestExtra none = BlockRequestExtra.getDefaultInstance();
    int length = 0;
    for (int round = 0; round < 60; round++) {
      List<CompletableFuture<BlockFrame>> answers = new ArrayList<>();
      answers.add(call(client, BlockOp.OPEN_WRITE, 0, length, pipeline(second.target(2))));
      for (int i = random.nextInt(12); i >= 0; i--) {
        if (random.nextInt(6) == 0) {
          answers.add(call(client, BlockOp.SYNC, 0, length, none));
        } else {
          byte[] bytes = random(1 + random.nextInt(60_000), random.nextLong());
          int at = random.nextInt(Math.min(length, expected.length - bytes.length) + 1);
          System.arraycopy(bytes, 0, expected, at, bytes.length);
          length = Math.max(length, at + bytes.length);
          answers.add(write(client, at, bytes));
        }
        if (random.nextInt(4) == 0) {
          done(answers.get(answers.size() - 1)); // so that what follows finds nothing before it
        }
      }
      answers.add(call(client, BlockOp.COMMIT, 0, length, none));
      for (CompletableFuture<BlockFrame> answer : answers) {
        done(answer);
      }
    }
    for (Node node : List.of(first, second)) {
      assertThat(read(node, 0, length, none)).isEqualTo(Arrays.copyOf(expected, length));
    }
  }

  @Test
  void namesTheReplicaThatFailed() throws Exception {
    PeerConnection client = connect(first);
    BlockTarget gone = second.target(17);
    second.server.close();
    assertThatThrownBy(() -> done(call(client, BlockOp.OPEN_WRITE, 0, 0, pipeline(gone))))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            PeerConnection.PeerRefusal.class, e -> assertThat(e.workerId()).isEqualTo(17));
    done(call(client, BlockOp.OPEN_WRITE, 0, 0, BlockRequestExtra.getDefaultInstance()));
  }

  @Test
  void refusesAPayloadThatDoesNotMatchItsChecksum() throws Exception {
    PeerConnection client = connect(first);
    done(call(client, BlockOp.OPEN_WRITE, 0, 0, BlockRequestExtra.getDefaultInstance()));
    assertThatThrownBy(
            () ->
                done(
                    client.call(
                        header(BlockOp.WRITE, 0, 1, 0, 3),
                        BlockRequestExtra.getDefaultInstance(),
                        Unpooled.wrappedBuffer(new byte[] {1, 2, 3}))))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("checksum");
  }

  @Test
  void anAbortedBlockIsGone() throws Exception {
    PeerConnection client = connect(first);
    BlockRequestExtra none = BlockRequestExtra.getDefaultInstance();
    done(call(client, BlockOp.OPEN_WRITE, 0, 0, pipeline(second.target(2))));
    done(write(client, 0, new byte[100]));
    done(call(client, BlockOp.ABORT, 0, 0, none));
    assertThat(first.store.stateOf(KEY)).isEmpty();
    assertThat(second.store.stateOf(KEY)).isEmpty();
    done(call(client, BlockOp.PING, 0, 0, none));
  }

  @Test
  void manyReadersGetWhatTheyAskedForWhateverTheOrder() throws Exception {
    byte[] object = random(8 * PAGE_SIZE_BYTES, 1);
    BlockRequestExtra extra = source("f", ufs.put("f", object), object);
    PeerConnection client = connect(first);
    List<CompletableFuture<BlockFrame>> answers = new ArrayList<>();
    Random random = new Random(3);
    List<Integer> offsets = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      int offset = random.nextInt(object.length - 4096);
      offsets.add(offset);
      answers.add(
          client.call(header(BlockOp.READ, 0, 0, offset, 4096), extra, Unpooled.EMPTY_BUFFER));
    }
    for (int i = 0; i < answers.size(); i++) {
      BlockFrame reply = answers.get(i).get(20, TimeUnit.SECONDS);
      byte[] bytes = new byte[4096];
      reply.payload().readBytes(bytes);
      reply.release();
      assertThat(bytes)
          .isEqualTo(Arrays.copyOfRange(object, offsets.get(i), offsets.get(i) + 4096));
    }
  }
}
