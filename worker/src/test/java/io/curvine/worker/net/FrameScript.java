/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.Limits.BLOCK_SIZE_MAX_BYTES;
import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static io.curvine.protocol.Limits.READ_RANGES_MAX;

import com.google.protobuf.ByteString;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.block.Crc32c;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockRange;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.BlockTarget;
import io.curvine.protocol.proto.UfsSource;
import io.curvine.protocol.proto.WorkerAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a bad client sends: frames of all operations in any order with odd numbers, which may be
 * changed, cut and put together anew afterwards. For one use.
 */
final class FrameScript {
  /** Where every decision comes from: a random generator, or a fuzzer's bytes. */
  interface Choices {
    /** 0 to less than the bound. */
    int below(int bound);

    long number();

    byte[] bytes(int length);
  }

  static final String OBJECT = "object";
  static final int OBJECT_BYTES = 3 * PAGE_SIZE_BYTES + 777;
  private static final int FRAMES_MAX = 12;
  private static final int INODES = 3;

  /** Those that the kept inputs choose from; others take the place of some PINGs. */
  private static final List<BlockOp> OPS =
      Stream.of(BlockOp.values()).filter(op -> op != BlockOp.READ_RANGES).toList();

  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    77,
    4096,
    16 << 10,
    100_000,
    PAGE_SIZE_BYTES,
    PAGE_SIZE_BYTES - 1,
    OBJECT_BYTES,
    BlockHeader.MAX_PAYLOAD_BYTES,
    BlockHeader.MAX_PAYLOAD_BYTES + 1,
    BLOCK_SIZE_MAX_BYTES - 10,
    BLOCK_SIZE_MAX_BYTES,
    BLOCK_SIZE_MAX_BYTES + 1L,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MAX_VALUE - 5,
    Long.MIN_VALUE,
  };

  private final Choices choices;
  private final String version;
  private final HostPort peer;
  private boolean named;

  /**
   * @param version of the object that fills may name
   * @param peer that pipelines may name
   */
  FrameScript(Choices choices, String version, HostPort peer) {
    this.choices = choices;
    this.version = version;
    this.peer = peer;
  }

  byte[] make() {
    ByteArrayOutputStream script = new ByteArrayOutputStream();
    int count = 1 + choices.below(FRAMES_MAX);
    for (int i = 0; i < count; i++) {
      script.writeBytes(frame(i));
    }
    byte[] bytes = script.toByteArray();
    // Not where a host is named: looking other names up takes long.
    return named || choices.below(2) == 0 ? bytes : mutate(bytes);
  }

  private byte[] frame(int id) {
    BlockOp chosen = OPS.get(choices.below(OPS.size()));
    BlockOp op = chosen == BlockOp.PING && id % 2 == 1 ? BlockOp.READ_RANGES : chosen;
    boolean pays = op == BlockOp.WRITE || choices.below(20) == 0;
    byte[] payload = pays ? choices.bytes(choices.below(70_000)) : new byte[0];
    byte[] extra = extra(op);
    boolean right = choices.below(5) > 0;
    BlockHeader header =
        new BlockHeader(
            op,
            choices.below(10) == 0 ? choices.below(1 << 16) : 0,
            choices.below(4) == 0 ? choices.below(1 << 16) : choices.below(2),
            id,
            choices.below(30) == 0 ? choices.number() : 1 + choices.below(INODES),
            1,
            choices.below(10) == 0 ? choices.below(3) - 1 : 0,
            right ? Crc32c.of(ByteBuffer.wrap(payload)) : (int) choices.number(),
            odd(),
            odd(),
            extra.length,
            payload.length);
    ByteBuffer frame = ByteBuffer.allocate(BlockHeader.BYTES + extra.length + payload.length);
    header.writeTo(frame);
    return frame.put(extra).put(payload).array();
  }

  private long odd() {
    return switch (choices.below(4)) {
      case 0 -> choices.below(200_000);
      case 1 -> choices.number();
      default -> NUMBERS[choices.below(NUMBERS.length)];
    };
  }

  private byte[] extra(BlockOp op) {
    return switch (choices.below(6)) {
      case 0 -> new byte[0];
      case 1 -> choices.bytes(choices.below(40));
      case 2 -> source(odd(), odd(), (int) odd());
      default ->
          switch (op) {
            case OPEN_WRITE -> pipeline();
            case READ_RANGES -> ranges();
            default -> source(0, OBJECT_BYTES, OBJECT_BYTES);
          };
    };
  }

  /** Of the object, and now and then of none. */
  private byte[] ranges() {
    ByteArrayOutputStream extra = new ByteArrayOutputStream();
    extra.writeBytes(source(0, OBJECT_BYTES, OBJECT_BYTES));
    BlockRequestExtra.Builder ranges = BlockRequestExtra.newBuilder();
    for (int i = choices.below(READ_RANGES_MAX + 2); i > 0; i--) {
      ranges.addRanges(BlockRange.newBuilder().setOffset((int) odd()).setLength((int) odd()));
    }
    extra.writeBytes(ranges.build().toByteArray());
    return extra.toByteArray();
  }

  private byte[] source(long blockOffset, long length, int validBytes) {
    return BlockRequestExtra.newBuilder()
        .setBlockOffsetInFile(blockOffset)
        .setValidBytes(validBytes)
        .setUfs(
            UfsSource.newBuilder()
                .setMountId(1)
                .setPath(ByteString.copyFromUtf8(choices.below(8) == 0 ? "none" : OBJECT))
                .setVersion(choices.below(8) == 0 ? "old" : version)
                .setLengthBytes(length))
        .build()
        .toByteArray();
  }

  private byte[] pipeline() {
    BlockRequestExtra.Builder extra = BlockRequestExtra.newBuilder();
    for (int i = choices.below(4); i > 0; i--) {
      named = true;
      int port = choices.below(4) == 0 ? (int) NUMBERS[choices.below(3)] : peer.port();
      extra.addPipeline(
          BlockTarget.newBuilder()
              .setWorkerId(i)
              .setAddress(WorkerAddress.newBuilder().setHost(peer.host()).setDataPort(port)));
    }
    return extra.build().toByteArray();
  }

  private byte[] mutate(byte[] bytes) {
    byte[] changed = bytes;
    for (int i = 1 + choices.below(3); i > 0 && changed.length > 0; i--) {
      int at = choices.below(changed.length);
      int to = Math.min(changed.length, at + choices.below(200));
      changed =
          switch (choices.below(4)) {
            case 0 -> flipped(changed, at);
            case 1 -> Arrays.copyOf(changed, at);
            case 2 -> joined(changed, at, choices.bytes(choices.below(100)), at);
            default -> joined(changed, to, Arrays.copyOfRange(changed, at, to), at);
          };
    }
    return changed;
  }

  private byte[] flipped(byte[] bytes, int at) {
    byte[] changed = bytes.clone();
    changed[at] ^= (byte) (1 << choices.below(8));
    return changed;
  }

  /** The bytes up to one place, others, and the bytes from another place on. */
  private static byte[] joined(byte[] bytes, int upTo, byte[] others, int from) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.write(bytes, 0, upTo);
    joined.writeBytes(others);
    joined.write(bytes, from, bytes.length - from);
    return joined.toByteArray();
  }
}
