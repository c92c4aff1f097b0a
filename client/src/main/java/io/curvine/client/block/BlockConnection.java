/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client.block;

import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockRequestExtra;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a worker. For one thread at a time: send any number of requests, then receive
 * their answers. After an {@link IOException} it is closed and of no use.
 */
public final class BlockConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockConnection.class);

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** The deadline where nothing is awaited. */
  private static final long NONE = 0;

  private final HostPort worker;
  private final SocketChannel channel;
  private final long answerTimeoutNanos;
  private final Consumer<BlockConnection> whenClosed;
  private final ByteBuffer sendHead = ByteBuffer.allocateDirect(BlockHeader.BYTES);

  /** What has come of the next answer's header. */
  private final ByteBuffer receiveHead = ByteBuffer.allocateDirect(BlockHeader.BYTES);

  private long lastRequestId;
  private boolean reused;
  private volatile long deadline = NONE;
  private volatile long usedAt = System.nanoTime();
  private volatile boolean late;

  BlockConnection(
      HostPort worker,
      SocketChannel channel,
      Duration answerTimeout,
      Consumer<BlockConnection> whenClosed) {
    this.worker = worker;
    this.channel = channel;
    this.answerTimeoutNanos = answerTimeout.toNanos();
    this.whenClosed = whenClosed;
  }

  public HostPort worker() {
    return worker;
  }

  /** It was in the pool: the worker may have closed it long ago. */
  public boolean reused() {
    return reused;
  }

  /** It was closed because the worker was silent for too long. */
  public boolean timedOut() {
    return late;
  }

  /** Of the last request; 0: there was none. */
  public long lastRequestId() {
    return lastRequestId;
  }

  /** A number for the next request on this connection. */
  public long nextRequestId() {
    return ++lastRequestId;
  }

  /**
   * Sends a request whose header is complete but for the size of the extra part.
   *
   * @param extra null: none
   * @param payload from its position to its limit, both left as they are; as many bytes as the
   *     header says
   */
  public void send(BlockHeader header, BlockRequestExtra extra, ByteBuffer payload)
      throws IOException {
    byte[] extraBytes = extra == null ? new byte[0] : extra.toByteArray();
    sendHead.clear();
    withExtraBytes(header, extraBytes.length).writeTo(sendHead);
    sendHead.flip();
    ByteBuffer[] parts = {sendHead, ByteBuffer.wrap(extraBytes), payload.duplicate()};
    write(parts, BlockHeader.BYTES + (long) extraBytes.length + payload.remaining());
  }

  private void write(ByteBuffer[] parts, long bytes) throws IOException {
    long left = bytes;
    startClock();
    try {
      while (left > 0) {
        left -= channel.write(parts);
      }
    } catch (IOException | RuntimeException e) {
      throw broken(e);
    } finally {
      stopClock();
    }
  }

  private static BlockHeader withExtraBytes(BlockHeader h, int extraBytes) {
    return new BlockHeader(
        h.op(),
        0,
        h.flags(),
        h.requestId(),
        h.inode(),
        h.version(),
        h.index(),
        h.crc32c(),
        h.offset(),
        h.length(),
        extraBytes,
        h.payloadBytes());
  }

  /**
   * Sends several requests without payloads at once, each with the same extra part.
   *
   * @param headers complete but for the size of the extra part
   */
  public void sendAll(List<BlockHeader> headers, BlockRequestExtra extra) throws IOException {
    byte[] extraBytes = extra.toByteArray();
    ByteBuffer all = ByteBuffer.allocate(headers.size() * (BlockHeader.BYTES + extraBytes.length));
    for (BlockHeader header : headers) {
      withExtraBytes(header, extraBytes.length).writeTo(all);
      all.put(extraBytes);
    }
    all.flip();
    write(new ByteBuffer[] {all}, all.remaining());
  }

  /**
   * Receives the answer to the one request that is open.
   *
   * @param into gets the payload of an answer that is no error, its position moves; a larger
   *     payload than it has room for breaks the connection
   */
  public BlockReply receive(ByteBuffer into) throws IOException {
    int start = into.position();
    BlockHeader header = receiveHeader(into);
    int early = into.position() - start;
    if (header.status() != 0) {
      into.position(start);
      return new BlockReply(worker, header, receiveRefusal(header, into.duplicate(), early));
    }
    if (header.payloadBytes() - early > into.remaining() || early > header.payloadBytes()) {
      throw broken(
          new IOException(
              "an answer has "
                  + header.payloadBytes()
                  + " bytes, "
                  + (early + into.remaining())
                  + " asked"));
    }
    receivePayload(into, header.payloadBytes() - early);
    return new BlockReply(worker, header, "");
  }

  /**
   * Receives an answer to which others may follow at once; {@link #receive} would take what has
   * come of them for its payload.
   *
   * @param into as there
   */
  public BlockReply receiveFollowed(ByteBuffer into) throws IOException {
    BlockHeader header = receiveHeader();
    if (header.status() != 0) {
      return new BlockReply(worker, header, receiveRefusal(header));
    }
    if (header.payloadBytes() > into.remaining()) {
      throw broken(
          new IOException(
              "an answer has " + header.payloadBytes() + " bytes, " + into.remaining() + " asked"));
    }
    receivePayload(into, header.payloadBytes());
    return new BlockReply(worker, header, "");
  }

  /** Receives the header of the next answer; its payload is to be received next. */
  public BlockHeader receiveHeader() throws IOException {
    return receiveHeader(NOTHING);
  }

  /**
   * The same, with what has come of the payload.
   *
   * @param early gets it; no more than the payload can have come
   */
  private BlockHeader receiveHeader(ByteBuffer early) throws IOException {
    startClock();
    try {
      readFully(receiveHead, early);
      BlockHeader header = BlockHeader.readFrom(receiveHead.flip());
      receiveHead.clear();
      if (header.extraBytes() > 0) {
        throw new IOException("an answer with an extra part");
      }
      return header;
    } catch (IOException | RuntimeException e) {
      throw broken(e);
    } finally {
      stopClock();
    }
  }

  /** What the payload of an error says. */
  public String receiveRefusal(BlockHeader header) throws IOException {
    return receiveRefusal(header, NOTHING.duplicate(), 0);
  }

  /** The same, of which some bytes are in a buffer already. */
  private String receiveRefusal(BlockHeader header, ByteBuffer early, int earlyBytes)
      throws IOException {
    ByteBuffer text = ByteBuffer.allocate(Math.max(header.payloadBytes(), earlyBytes));
    text.put(early.limit(early.position() + earlyBytes));
    receivePayload(text, header.payloadBytes() - text.position());
    return new String(text.array(), StandardCharsets.UTF_8);
  }

  /**
   * Receives a payload.
   *
   * @param into has room for so many bytes from its position on, which moves past them
   */
  public void receivePayload(ByteBuffer into, int bytes) throws IOException {
    int limit = into.limit();
    startClock();
    try {
      into.limit(into.position() + bytes);
      readFully(into, receiveHead);
    } catch (IOException | RuntimeException e) {
      throw broken(e);
    } finally {
      into.limit(limit);
      stopClock();
    }
  }

  /** Fills a buffer; what has come after that goes to the next one. */
  private void readFully(ByteBuffer into, ByteBuffer next) throws IOException {
    ByteBuffer[] both = {into, next};
    while (into.hasRemaining()) {
      if (channel.read(both) < 0) {
        throw new EOFException("it closed the connection");
      }
      // An answer that comes slowly, but comes, is no silence.
      startClock();
    }
  }

  /** Closes it, and gives what to throw. */
  public IOException broken(Exception cause) {
    close();
    if (late) {
      return new IOException(
          "worker " + worker + " did not answer in " + answerTimeoutNanos / 1_000_000 + " ms",
          cause);
    }
    return new IOException("connection to worker " + worker + " broke: " + cause, cause);
  }

  // --- for the pool ---

  private void startClock() {
    long at = System.nanoTime() + answerTimeoutNanos;
    deadline = at == NONE ? 1 : at;
  }

  private void stopClock() {
    deadline = NONE;
  }

  void closeIfLate(long now) {
    long at = deadline;
    if (at != NONE && now - at > 0) {
      late = true;
      close();
    }
  }

  void markReused() {
    reused = true;
  }

  void becomeIdle() {
    usedAt = System.nanoTime();
  }

  long idleSince(long now) {
    return now - usedAt;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    whenClosed.accept(this);
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("connection to worker {} did not close well", worker, e);
    }
  }
}
