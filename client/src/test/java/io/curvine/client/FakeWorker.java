/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.block.Crc32c;
import io.curvine.protocol.proto.BlockRange;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.BlockTarget;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.WorkerAddress;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * The data protocol over blocks in memory, with faults to order. A pipeline is written in one go.
 */
final class FakeWorker implements AutoCloseable {
  /** Where the number of its request is in an answer. */
  private static final int ID_AT = 8;

  private final int id;
  private final Map<Integer, FakeWorker> all;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Map<List<Long>, byte[]> blocks = new ConcurrentHashMap<>();
  private final Map<BlockOp, AtomicInteger> counts = new ConcurrentHashMap<>();

  /** Objects of the UFS by path and version. */
  final Map<String, byte[]> ufs = new ConcurrentHashMap<>();

  /** What to refuse a request with; null: nothing. */
  volatile Function<BlockHeader, ErrorCode> refuse = header -> null;

  /** Whose payload to turn a bit of after the checksum was made. */
  volatile Predicate<BlockHeader> corrupt = header -> false;

  /** On what to close the connection without an answer. */
  volatile Predicate<BlockHeader> hangUp = header -> false;

  /** The number of the request that an answer says it is for. */
  volatile ToLongFunction<BlockHeader> answered = BlockHeader::requestId;

  /** Answers to a writer wait for its COMMIT: who waits for one before waits in vain. */
  volatile boolean answersAtCommit;

  /** Answers to WRITE take one permit each. */
  final Semaphore writeAnswers = new Semaphore(Integer.MAX_VALUE / 2);

  final AtomicInteger writesSeen = new AtomicInteger();

  /** Of READ_RANGES. */
  final AtomicInteger rangesSeen = new AtomicInteger();

  FakeWorker(int id, Map<Integer, FakeWorker> all) throws IOException {
    this.id = id;
    this.all = all;
    this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    all.put(id, this);
    daemon("fake-worker-" + id, this::accept);
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  BlockTarget target() {
    return BlockTarget.newBuilder().setWorkerId(id).setAddress(address()).build();
  }

  WorkerAddress address() {
    return WorkerAddress.newBuilder()
        .setHost("127.0.0.1")
        .setDataPort(listener.getLocalPort())
        .build();
  }

  int count(BlockOp op) {
    return counts.getOrDefault(op, new AtomicInteger()).get();
  }

  boolean holds(long inode, long version, int index) {
    return blocks.containsKey(List.of(inode, version, (long) index));
  }

  boolean isClosed() {
    return listener.isClosed();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        daemon("fake-worker-" + id + "-connection", () -> serve(socket));
      }
    } catch (IOException e) {
      close();
    }
  }

  private void serve(Socket socket) {
    Map<List<Long>, List<FakeWorker>> pipelines = new HashMap<>();
    try (socket) {
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      OutputStream out = socket.getOutputStream();
      ByteArrayOutputStream held = new ByteArrayOutputStream();
      while (true) {
        byte[] head = new byte[BlockHeader.BYTES];
        in.readFully(head);
        BlockHeader header = BlockHeader.readFrom(ByteBuffer.wrap(head));
        BlockRequestExtra extra = BlockRequestExtra.parseFrom(in.readNBytes(header.extraBytes()));
        byte[] payload = in.readNBytes(header.payloadBytes());
        counts.computeIfAbsent(header.op(), op -> new AtomicInteger()).incrementAndGet();
        if (header.op() == BlockOp.WRITE) {
          writesSeen.incrementAndGet();
          writeAnswers.acquire();
        }
        if (hangUp.test(header)) {
          return;
        }
        byte[] answer = answer(header, extra, payload, pipelines);
        ByteBuffer.wrap(answer).putLong(ID_AT, answered.applyAsLong(header));
        held.write(answer);
        if (!answersAtCommit || header.op() == BlockOp.COMMIT || header.op() == BlockOp.LOCAL) {
          held.writeTo(out);
          held.reset();
        }
      }
    } catch (IOException e) {
      sockets.remove(socket);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private byte[] answer(
      BlockHeader header,
      BlockRequestExtra extra,
      byte[] payload,
      Map<List<Long>, List<FakeWorker>> pipelines) {
    List<Long> key = List.of(header.inode(), header.version(), (long) header.index());
    if (header.op() == BlockOp.LOCAL) {
      return frame(header, ErrorCode.OK, 0, new byte[0], 0);
    }
    if (header.op() == BlockOp.READ || header.op() == BlockOp.READ_RANGES) {
      ErrorCode refusal = refuse.apply(header);
      return refusal != null ? error(header, refusal, 0) : read(header, extra, key);
    }
    if (header.op() == BlockOp.OPEN_WRITE) {
      List<FakeWorker> pipeline = new java.util.ArrayList<>(List.of(this));
      for (BlockTarget target : extra.getPipelineList()) {
        pipeline.add(all.get(target.getWorkerId()));
      }
      pipelines.put(key, pipeline);
    }
    if (!pipelines.containsKey(key)) {
      return error(header, ErrorCode.LEASE_LOST, 0);
    }
    for (FakeWorker worker : pipelines.get(key)) {
      ErrorCode refusal = worker.isClosed() ? ErrorCode.NOT_READY : worker.refuse.apply(header);
      refusal = refusal != null ? refusal : worker.carryOut(header, payload, key);
      if (refusal != null) {
        return error(header, refusal, worker == this ? 0 : worker.id);
      }
    }
    if (header.op() == BlockOp.COMMIT || header.op() == BlockOp.ABORT) {
      pipelines.remove(key);
    }
    return frame(header, ErrorCode.OK, header.length(), new byte[0], 0);
  }

  private ErrorCode carryOut(BlockHeader header, byte[] payload, List<Long> key) {
    byte[] held = blocks.getOrDefault(key, new byte[0]);
    switch (header.op()) {
      case OPEN_WRITE, COMMIT -> {
        if (header.op() == BlockOp.OPEN_WRITE && header.length() > held.length) {
          return ErrorCode.BLOCK_NOT_FOUND;
        }
        blocks.put(key, Arrays.copyOf(held, (int) header.length()));
      }
      case WRITE -> {
        if (Crc32c.of(ByteBuffer.wrap(payload)) != header.crc32c()) {
          return ErrorCode.CORRUPT;
        }
        int end = (int) header.offset() + payload.length;
        byte[] grown = end > held.length ? Arrays.copyOf(held, end) : held;
        System.arraycopy(payload, 0, grown, (int) header.offset(), payload.length);
        blocks.put(key, grown);
      }
      case SYNC ->
          blocks.put(key, Arrays.copyOf(held, (int) Math.max(held.length, header.length())));
      case ABORT -> blocks.remove(key);
      default -> throw new IllegalStateException("not served: " + header.op());
    }
    return null;
  }

  private byte[] read(BlockHeader header, BlockRequestExtra extra, List<Long> key) {
    byte[] held = blocks.get(key);
    if (held == null && !extra.hasUfs()) {
      return error(header, ErrorCode.BLOCK_NOT_FOUND, 0);
    }
    int from = (int) header.offset();
    if (held == null) {
      held = ufs.get(extra.getUfs().getPath().toStringUtf8() + "@" + extra.getUfs().getVersion());
      if (held == null) {
        return error(header, ErrorCode.UFS_CHANGED, 0);
      }
      from += (int) extra.getBlockOffsetInFile();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (header.op() == BlockOp.READ) {
      bytes.write(held, from, (int) header.length());
    }
    for (BlockRange range : extra.getRangesList()) {
      bytes.write(held, from + range.getOffset(), range.getLength());
      rangesSeen.incrementAndGet();
    }
    byte[] payload = bytes.toByteArray();
    if (payload.length != header.length()) {
      return error(header, ErrorCode.INVALID_ARGUMENT, 0);
    }
    int checksum = Crc32c.of(ByteBuffer.wrap(payload));
    if (corrupt.test(header) && payload.length > 0) {
      payload[payload.length / 2] ^= 4;
    }
    return frame(header, ErrorCode.OK, payload.length, payload, checksum);
  }

  private static byte[] error(BlockHeader header, ErrorCode code, int workerId) {
    byte[] text = ("told to refuse with " + code).getBytes(StandardCharsets.UTF_8);
    return frame(header, code, workerId, text, 0);
  }

  private static byte[] frame(
      BlockHeader request, ErrorCode status, long length, byte[] payload, int checksum) {
    ByteBuffer frame = ByteBuffer.allocate(BlockHeader.BYTES + payload.length);
    new BlockHeader(
            request.op(),
            status.getNumber(),
            0,
            request.requestId(),
            request.inode(),
            request.version(),
            request.index(),
            checksum,
            request.offset(),
            length,
            0,
            payload.length)
        .writeTo(frame);
    return frame.put(payload).array();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
