/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.block.BlockFileFormat.CHUNK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.block.BlockFileFormat;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.block.ChunkSums;
import io.curvine.protocol.block.Crc32c;
import io.curvine.protocol.io.FileKeys;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.BlockTarget;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.LocalBlock;
import io.curvine.protocol.proto.WorkerAddress;
import io.curvine.worker.net.RawClient.Answer;
import io.curvine.worker.store.BlockKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer puts bytes into the file of its block, and the worker takes them over. */
class InFileWritesTest {
  private static final BlockKey KEY = new BlockKey(5, 1, 0);
  private static final BlockRequestExtra NOTHING = BlockRequestExtra.getDefaultInstance();
  private static final int CAPACITY_BYTES = 4 << 20;

  @TempDir Path dir;

  private final byte[] content = new byte[3 << 20];
  private DataNode node;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    new Random(1).nextBytes(content);
    node = new DataNode(dir.resolve("first"), DataNode.TIMEOUT, CAPACITY_BYTES);
    client = new RawClient(node.address());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    node.awaitNothingHeld();
    node.close();
  }

  private Answer call(BlockOp op, int flags, long offset, long length, byte[] payload)
      throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(BlockHeader.BYTES + payload.length);
    new BlockHeader(
            op,
            0,
            flags,
            1,
            KEY.inode(),
            KEY.version(),
            KEY.index(),
            Crc32c.of(ByteBuffer.wrap(payload)),
            offset,
            length,
            0,
            payload.length)
        .writeTo(frame);
    client.send(frame.put(payload).flip());
    return client.receive();
  }

  private Answer done(BlockOp op, long length) throws IOException {
    Answer answer = call(op, 0, 0, length, new byte[0]);
    assertThat(answer.header().status()).as(answer::message).isZero();
    return answer;
  }

  private Path open(long length) throws IOException {
    Answer opened = call(BlockOp.OPEN_WRITE, BlockHeader.FLAG_IN_FILE, 0, length, new byte[0]);
    assertThat(opened.header().status()).as(opened::message).isZero();
    LocalBlock file = LocalBlock.parseFrom(opened.payload());
    Path path = Path.of(file.getPath());
    assertThat(FileKeys.of(path)).isEqualTo(file.getFileKey());
    return path;
  }

  private void put(Path file, int from, int to) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(content, from, to - from), BlockFileFormat.dataAt(from));
    }
  }

  private byte[] sums(int from, int to) {
    return ChunkSums.of(from, ByteBuffer.wrap(content, from, to - from)).toBuffer().array();
  }

  private Answer tell(int from, int to) throws IOException {
    return call(BlockOp.WRITE, BlockHeader.FLAG_IN_FILE, from, to - from, sums(from, to));
  }

  private static void assertTaken(Answer answer) {
    assertThat(answer.header().status()).as(answer::message).isZero();
  }

  private static void assertRefused(Answer answer, ErrorCode code, String why) {
    assertThat(answer.header().status()).isEqualTo(code.getNumber());
    assertThat(answer.message()).contains(why);
  }

  private void assertContent(int length) throws IOException {
    assertThat(client.read(KEY, 0, length, NOTHING)).isEqualTo(Arrays.copyOf(content, length));
  }

  private static int usedBytes(DataNode node) {
    return (int) node.store.tiers().get(0).getUsedBytes();
  }

  @Test
  void whatIsInTheFileIsReadWhenTheWorkerWasToldOfIt() throws IOException {
    int length = content.length - 77;
    Path file = open(0);
    int first = 1 << 20;
    put(file, 0, first);
    assertTaken(tell(0, first));
    byte[] middle = Arrays.copyOfRange(content, first, first + 1000);
    assertTaken(call(BlockOp.WRITE, 0, first, middle.length, middle)); // between, by the worker
    byte[] chunk = Arrays.copyOfRange(content, first + 1000, first + CHUNK_BYTES);
    assertTaken(call(BlockOp.WRITE, 0, first + 1000L, chunk.length, chunk));
    put(file, first + CHUNK_BYTES, length);
    assertTaken(tell(first + CHUNK_BYTES, length));
    done(BlockOp.COMMIT, length);
    assertContent(length);
    assertThat(usedBytes(node)).isEqualTo(length);
    assertThat(node.server.takenOverBytes()).isEqualTo(length - CHUNK_BYTES);
    assertThat(node.server.writtenBytes()).isEqualTo(CHUNK_BYTES);
    assertThat(node.store.corruptPages()).isZero();
  }

  @Test
  void whatTheWorkerWasNotToldOfIsNotThere() throws IOException {
    Path file = open(0);
    put(file, 0, CHUNK_BYTES);
    assertTaken(tell(0, CHUNK_BYTES));
    put(file, CHUNK_BYTES, 40 * CHUNK_BYTES);
    open(CHUNK_BYTES); // as after a connection that broke
    assertTaken(call(BlockOp.WRITE, 0, 3L * CHUNK_BYTES, 1, new byte[] {7}));
    int length = 3 * CHUNK_BYTES + 1;
    done(BlockOp.COMMIT, length);
    byte[] expected = Arrays.copyOf(Arrays.copyOf(content, CHUNK_BYTES), length);
    expected[length - 1] = 7;
    assertThat(client.read(KEY, 0, length, NOTHING)).isEqualTo(expected);
  }

  @Test
  void otherBytesThanTheChecksumsAreOfAreNotServed() throws IOException {
    Path file = open(0);
    put(file, 0, CHUNK_BYTES);
    content[100]++;
    assertTaken(tell(0, CHUNK_BYTES));
    done(BlockOp.COMMIT, CHUNK_BYTES);
    client.send(
        RawClient.request(BlockOp.READ, 1, KEY, 0, CHUNK_BYTES, NOTHING)
            .putShort(6, (short) BlockHeader.FLAG_CHECK));
    assertThat(client.receive().header().status()).isEqualTo(ErrorCode.CORRUPT.getNumber());
  }

  @Test
  void refusesWhatItCannotVouchFor() throws IOException {
    Path file = open(0);
    put(file, 0, 4 * CHUNK_BYTES);
    assertTaken(tell(0, 2 * CHUNK_BYTES));
    ErrorCode bad = ErrorCode.INVALID_ARGUMENT;
    assertRefused(tell(CHUNK_BYTES, 3 * CHUNK_BYTES), bad, "cannot be taken over");
    assertRefused(tell(3 * CHUNK_BYTES, 5 * CHUNK_BYTES), bad, "cannot be taken over");
    assertRefused(tell(2 * CHUNK_BYTES + 1, 3 * CHUNK_BYTES), bad, "bytes of checksums");
    int inFile = BlockHeader.FLAG_IN_FILE;
    long at = 2L * CHUNK_BYTES;
    assertRefused(call(BlockOp.WRITE, inFile, at, 0, new byte[0]), bad, "0 bytes");
    assertRefused(call(BlockOp.WRITE, inFile, at, 1L << 40, new byte[4]), bad, "allowed");
    assertRefused(call(BlockOp.WRITE, inFile, at, 100, new byte[8]), bad, "8 bytes of checksums");
    assertRefused(call(BlockOp.WRITE, inFile, -at, 100, new byte[4]), bad, "offset");
    assertTaken(tell(2 * CHUNK_BYTES, 4 * CHUNK_BYTES));
    done(BlockOp.COMMIT, 4L * CHUNK_BYTES);
    assertContent(4 * CHUNK_BYTES);
  }

  @Test
  void takesNoMoreThanTheDirectoryHasRoomFor() throws IOException {
    Path file = open(0);
    for (int from = 0; from < content.length; from += 1 << 20) {
      put(file, from, from + (1 << 20));
      assertTaken(tell(from, from + (1 << 20)));
    }
    byte[] sums = new byte[(2 << 20) / CHUNK_BYTES * Integer.BYTES];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), BlockFileFormat.dataAt(content.length + (2 << 20) - 1));
    }
    assertRefused(
        call(BlockOp.WRITE, BlockHeader.FLAG_IN_FILE, content.length, 2 << 20, sums),
        ErrorCode.NO_SPACE,
        "");
    done(BlockOp.COMMIT, content.length);
    assertContent(content.length);
    assertThat(usedBytes(node)).isEqualTo(content.length);
  }

  @Test
  void aBlockOfSeveralReplicasIsWrittenThroughItsWorkers() throws IOException {
    try (DataNode second = new DataNode(dir.resolve("second"), DataNode.TIMEOUT)) {
      WorkerAddress address =
          WorkerAddress.newBuilder()
              .setHost("127.0.0.1")
              .setDataPort(second.address().port())
              .build();
      BlockRequestExtra pipeline =
          BlockRequestExtra.newBuilder()
              .addPipeline(BlockTarget.newBuilder().setWorkerId(2).setAddress(address))
              .build();
      client.send(
          RawClient.request(BlockOp.OPEN_WRITE, 1, KEY, 0, 0, pipeline)
              .putShort(6, (short) BlockHeader.FLAG_IN_FILE));
      Answer opened = client.receive();
      assertTaken(opened);
      assertThat(opened.payload()).isEmpty();
      assertRefused(tell(0, 100), ErrorCode.INVALID_ARGUMENT, "several replicas");
    }
  }
}
