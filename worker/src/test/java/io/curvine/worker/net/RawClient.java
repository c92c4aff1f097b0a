/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.block.Crc32c;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockRange;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.worker.store.BlockKey;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A plain socket to a worker's data port: it sends anything, and reads answers when told to. */
final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MS = 20_000;

  private final Socket socket = new Socket();
  private final DataInputStream in;

  /** An answer. */
  static final class Answer {
    private final BlockHeader header;
    private final byte[] payload;

    Answer(BlockHeader header, byte[] payload) {
      this.header = header;
      this.payload = payload;
    }

    BlockHeader header() {
      return header;
    }

    byte[] payload() {
      return payload;
    }

    /** The payload of a refusal. */
    String message() {
      return new String(payload, StandardCharsets.UTF_8);
    }
  }

  RawClient(HostPort address) throws IOException {
    this(address, 0);
  }

  /**
   * @param receiveBytes that the kernel keeps for it, about; 0: as it likes
   */
  RawClient(HostPort address, int receiveBytes) throws IOException {
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.setSoTimeout(TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    socket.connect(address.resolve());
    in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
  }

  static ByteBuffer request(
      BlockOp op, long id, BlockKey key, long offset, long length, BlockRequestExtra extra) {
    byte[] extraBytes = extra.toByteArray();
    BlockHeader header =
        new BlockHeader(
            op,
            0,
            0,
            id,
            key.inode(),
            key.version(),
            key.index(),
            0,
            offset,
            length,
            extraBytes.length,
            0);
    ByteBuffer frame = ByteBuffer.allocate(BlockHeader.BYTES + extraBytes.length);
    header.writeTo(frame);
    return frame.put(extraBytes).flip();
  }

  void send(ByteBuffer bytes) throws IOException {
    Channels.newChannel(socket.getOutputStream()).write(bytes);
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** The next answer; an EOFException or another one where the worker has closed. */
  Answer receive() throws IOException {
    byte[] head = new byte[BlockHeader.BYTES];
    in.readFully(head);
    BlockHeader header = BlockHeader.readFrom(ByteBuffer.wrap(head));
    byte[] payload = new byte[header.payloadBytes()];
    in.readFully(payload);
    return new Answer(header, payload);
  }

  /** Reads a range, which has to be there, and compares the checksum. */
  byte[] read(BlockKey key, long offset, int length, BlockRequestExtra extra) throws IOException {
    send(request(BlockOp.READ, 1, key, offset, length, extra));
    Answer answer = receive();
    assertThat(answer.header().status()).as(answer::message).isZero();
    assertThat(Crc32c.of(ByteBuffer.wrap(answer.payload()))).isEqualTo(answer.header().crc32c());
    return answer.payload();
  }

  /**
   * Reads ranges in one request, which have to be there, and compares the checksum.
   *
   * @param ranges offset and length of each
   */
  byte[] readRanges(BlockKey key, List<int[]> ranges, int flags, BlockRequestExtra source)
      throws IOException {
    BlockRequestExtra.Builder extra = source.toBuilder();
    int together = 0;
    for (int[] range : ranges) {
      extra.addRanges(BlockRange.newBuilder().setOffset(range[0]).setLength(range[1]));
      together += range[1];
    }
    send(
        request(BlockOp.READ_RANGES, 1, key, 0, together, extra.build())
            .putShort(6, (short) flags));
    Answer answer = receive();
    assertThat(answer.header().status()).as(answer::message).isZero();
    assertThat(Crc32c.of(ByteBuffer.wrap(answer.payload()))).isEqualTo(answer.header().crc32c());
    return answer.payload();
  }

  /** Waits for the worker to close; answers that come before are thrown away. */
  void awaitClosed() throws IOException {
    try {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the worker left the connection open", e);
    } catch (java.net.SocketException e) {
      assertThat(e).hasMessageContaining("reset"); // it closed with bytes unread
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
