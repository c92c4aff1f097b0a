/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.block.Crc32c;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.worker.net.RawClient.Answer;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.StoreFixture;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** A worker that bad clients send anything to, and what has to be true of it meanwhile. */
final class BadClients implements AutoCloseable {
  /** No script that is not made for it names this block. */
  private static final BlockKey GOOD = new BlockKey(0x7654_3210_7654_3210L, 0x5555_AAAAL, 0);

  private final DataNode node;
  private final byte[] object = new byte[FrameScript.OBJECT_BYTES];
  private final String version;

  BadClients(Path path) throws IOException {
    node = new DataNode(path, DataNode.TIMEOUT);
    new Random(1).nextBytes(object);
    version = node.ufs.put(FrameScript.OBJECT, object);
  }

  byte[] script(FrameScript.Choices choices) {
    return new FrameScript(choices, version, node.address()).make();
  }

  /** What a stream of bytes is to a worker: so many requests, and then perhaps no frame. */
  private record Meaning(Map<String, Integer> requests, int count, boolean bad) {
    /**
     * A block may be written anew while its old bytes are on their way: the answer does not match
     * its checksum then, and where the file has become too short for it the connection ends.
     */
    boolean rewrites() {
      return requests.keySet().stream().anyMatch(r -> r.startsWith(BlockOp.OPEN_WRITE.name()));
    }

    static Meaning of(byte[] stream) {
      Map<String, Integer> requests = new HashMap<>();
      int count = 0;
      ByteBuffer left = ByteBuffer.wrap(stream);
      while (left.remaining() >= BlockHeader.BYTES) {
        try {
          BlockHeader header = BlockHeader.readFrom(left);
          if (left.remaining() < header.extraBytes() + header.payloadBytes()) {
            return new Meaning(requests, count, false);
          }
          byte[] extra = new byte[header.extraBytes()];
          left.get(extra);
          BlockFrame frame = BlockFrame.of(header, extra, Unpooled.EMPTY_BUFFER);
          left.position(left.position() + header.payloadBytes());
          requests.merge(frame.header().op() + " " + header.requestId(), 1, Integer::sum);
          count++;
        } catch (IllegalArgumentException e) {
          return new Meaning(requests, count, true);
        }
      }
      return new Meaning(requests, count, false);
    }
  }

  /** Sends the bytes on a connection of their own, and holds the worker to its part. */
  void attack(byte[] stream) throws IOException {
    Meaning meaning = Meaning.of(stream);
    try (RawClient client = new RawClient(node.address())) {
      if (meaning.bad()) {
        sendToOneWhoCloses(client, stream);
        return;
      }
      boolean mayEnd = meaning.rewrites();
      try {
        client.send(stream);
        for (int i = 0; i < meaning.count(); i++) {
          check(client.receive(), meaning, mayEnd);
        }
      } catch (EOFException | SocketException e) {
        if (!mayEnd) {
          throw e;
        }
      }
    }
  }

  private static void sendToOneWhoCloses(RawClient client, byte[] stream) throws IOException {
    try {
      client.send(stream);
    } catch (SocketException e) {
      assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*"); // it closed while we sent
      return;
    }
    client.awaitClosed();
  }

  private static void check(Answer answer, Meaning meaning, boolean rewritten) {
    BlockHeader header = answer.header();
    String request = header.op() + " " + header.requestId();
    assertThat(meaning.requests()).as("an answer to what was asked").containsKey(request);
    meaning.requests().merge(request, -1, (a, b) -> a + b == 0 ? null : a + b);
    ErrorCode code = ErrorCode.forNumber(header.status());
    if (code != ErrorCode.OK) {
      String message = answer.message();
      assertThat(code).as(() -> request + ": " + message).isNotNull();
      assertThat(code).as(() -> request + ": " + message).isNotEqualTo(ErrorCode.INTERNAL);
      assertThat(message).as(request).isNotBlank();
    } else if (WantedRanges.asksForBytes(header) && !rewritten) {
      assertThat(Crc32c.of(ByteBuffer.wrap(answer.payload()))).isEqualTo(header.crc32c());
    }
  }

  /** A good client is served as ever, and of the bad ones nothing is left. */
  void checkWorker() throws IOException {
    try (RawClient good = new RawClient(node.address())) {
      good.send(
          RawClient.request(BlockOp.PING, 7, GOOD, 0, 0, BlockRequestExtra.getDefaultInstance()));
      assertThat(good.receive().header().requestId()).isEqualTo(7);
      BlockRequestExtra source = DataNode.source(FrameScript.OBJECT, version, object.length);
      for (int[] range : new int[][] {{0, PAGE_SIZE_BYTES}, {77, 5_000}, {100, 2_000_000}}) {
        assertThat(good.read(GOOD, range[0], range[1], source))
            .isEqualTo(Arrays.copyOfRange(object, range[0], range[0] + range[1]));
      }
    } catch (EOFException e) {
      throw new AssertionError("a good client was cut off", e);
    }
    node.awaitNothingHeld();
    DataNode.await(
        "no block is held", () -> StoreFixture.openFilesAfterDroppingAll(node.store) == 0);
  }

  @Override
  public void close() throws IOException {
    node.close();
  }
}
