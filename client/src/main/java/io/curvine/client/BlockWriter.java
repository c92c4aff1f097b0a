/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.client.block.BlockConnection;
import io.curvine.client.block.BlockReply;
import io.curvine.client.block.WritableBlock;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.proto.CommittedBlock;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one block through its pipeline, over failures of workers. For one thread at a time.
 *
 * <p>Requests are sent without waiting; {@link #drain} takes the answers. What is not answered is
 * kept to be sent again, and a little of what is, so that a short block can be rewritten from here.
 * Where that is not enough, a replica that still answers is read.
 *
 * <p>On the host of the only worker the bytes are written to the block's file here, and the worker
 * is sent their checksums.
 */
final class BlockWriter {
  private static final Logger LOG = LoggerFactory.getLogger(BlockWriter.class);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int SAME_WORKERS_TRIES = 2;
  private static final int OPENED_MAX_BYTES = 8 << 10;

  private final WriteContext file;
  private final int index;
  private final long keepBytes;
  private final Set<Integer> excluded = new HashSet<>();
  private final Deque<WriteFrame> sent = new ArrayDeque<>();
  private final Deque<WriteFrame> kept = new ArrayDeque<>();
  private BlockTargets targets;
  private BlockConnection connection;

  /** The block's file, where this process writes to it; null: bytes are sent to the worker. */
  private WritableBlock inFile;

  /** So much of the block the worker has, or is being sent. */
  private long transmittedLength;

  /** It is more than a small file, for which the answer to its opening would come too late. */
  private boolean large;

  private long sentBytes;
  private long keptBytes;

  /** Of the last answer that was taken on the connection. */
  private long answeredId;

  /** What is kept and sent is all that the block holds. */
  private boolean whole = true;

  private long length;
  private long answeredLength;
  private int failures;

  /** Written since the masters were told of it. */
  private boolean dirty;

  private boolean published;

  /** Finished at the workers, and not written since. */
  private boolean sealed;

  private boolean durable;

  /**
   * A block of which nothing is written.
   *
   * @param targets where to write it; null: that is asked for when it is needed
   */
  BlockWriter(WriteContext file, int index, long keepBytes, BlockTargets targets) {
    this.targets = targets;
    this.file = file;
    this.index = index;
    this.keepBytes = keepBytes;
  }

  int index() {
    return index;
  }

  /** Valid bytes. */
  long length() {
    return length;
  }

  boolean dirty() {
    return dirty;
  }

  boolean isOpen() {
    return connection != null;
  }

  /** Bytes that are sent and not answered. */
  long sentBytes() {
    return sentBytes;
  }

  // --- what the file does with it ---

  /** Writes bytes that the block may keep, anywhere in it. */
  void write(long offset, ByteBuffer payload) throws IOException {
    large |= payload.remaining() >= WriteBuffers.BYTES; // and more is to be expected
    open();
    awaitOpened();
    WriteFrame frame = WriteFrame.data(offset, payload);
    length = Math.max(length, frame.end());
    dirty = true;
    sealed = false;
    durable = false;
    send(frame);
  }

  /**
   * Begins to finish the block; {@link #drain} sees the end of it.
   *
   * @param fsync durable at the end
   * @param stayOpen do no more than that is asked for, so that writing goes on cheaply
   */
  void finish(boolean fsync, boolean stayOpen) throws IOException {
    if (sealing()) {
      drain(0);
    }
    boolean sync = stayOpen && !sealed;
    boolean done = (sealed || sync) && (durable || !fsync);
    if (!done) {
      open();
      send(sync ? WriteFrame.sync(length) : WriteFrame.commit(length, fsync));
    }
  }

  /** Takes answers until at most so many bytes are without one. */
  void drain(long bytes) throws IOException {
    while (sentBytes > bytes || (bytes == 0 && !sent.isEmpty())) {
      try {
        answer();
      } catch (PipelineFailure e) {
        recover(e);
      }
    }
  }

  /** Drops what is past a length. */
  void cut(long to) throws IOException {
    drain(0);
    if (to >= length) {
      return;
    }
    length = to;
    answeredLength = to;
    forgetKept();
    whole = to == 0;
    dirty = true;
    sealed = false;
    durable = false;
    closeConnection();
    open();
  }

  /** Drops the block at the workers, as far as they can be told. */
  void abort() {
    try {
      takeAnswers();
      if (targets != null) {
        if (connection == null) {
          connect();
        }
        sent.addLast(WriteFrame.abort());
        transmit(sent.peekLast());
        takeAnswers();
      }
    } catch (IOException e) {
      LOG.debug("block {} of inode {} is left to be collected", index, file.inode(), e);
    } finally {
      leave();
    }
  }

  private void takeAnswers() throws PipelineFailure {
    if (connection == null) {
      giveUpSent(); // no pipeline was left, so no answer comes
    }
    while (!sent.isEmpty()) {
      answer();
    }
  }

  /** Lets go of the connection; what was not answered is given up. */
  void leave() {
    giveUpSent();
    forgetKept();
    whole = length == 0;
    closeConnection();
  }

  private void giveUpSent() {
    sent.forEach(frame -> file.buffers().giveBack(frame.payload()));
    sent.clear();
    sentBytes = 0;
  }

  CommittedBlock committed() {
    return CommittedBlock.newBuilder()
        .setIndex(index)
        .setLengthBytes((int) length)
        .addAllWorkerIds(targets.ids())
        .build();
  }

  /** The masters know of all that was written. */
  void markPublished() {
    dirty = false;
    published = true;
  }

  boolean published() {
    return published;
  }

  // --- requests and answers ---

  private void open() throws IOException {
    if (sealing()) {
      drain(0);
    }
    if (connection != null) {
      return;
    }
    if (targets == null) {
      targets = BlockTargets.allocate(file, index, excluded);
    }
    try {
      begin();
    } catch (PipelineFailure e) {
      recover(e);
    }
  }

  /** Opens the block, and does not wait for the answer: requests can follow at once. */
  private void begin() throws PipelineFailure {
    sealed = false;
    try {
      take();
    } catch (IOException e) {
      throw PipelineFailure.broken(e, targets.headId(), false);
    }
    WriteFrame open = openFrom(answeredLength);
    sent.addLast(open);
    transmit(open);
  }

  /** With the second request, where the answer may say which file it is. */
  private void awaitOpened() throws IOException {
    WriteFrame first = sent.peekFirst();
    if (sent.size() > 1 && first.op() == BlockOp.OPEN_WRITE && first.asksForFile()) {
      try {
        answer();
      } catch (PipelineFailure e) {
        recover(e);
      }
    }
  }

  private WriteFrame openFrom(long from) {
    boolean asks = large && targets.single() && file.data().local().mayWrite(targets.head());
    return WriteFrame.open(from, file.ack(), asks);
  }

  /** Its end is asked for, and the answer awaited. */
  boolean sealing() {
    return !sent.isEmpty() && sent.peekLast().op() == BlockOp.COMMIT;
  }

  /** On the pipeline as it is: what it holds is gone on with. */
  private void connect() throws PipelineFailure {
    connect(answeredLength);
  }

  private void connect(long from) throws PipelineFailure {
    boolean reused = false;
    try {
      take();
      reused = connection.reused();
      WriteFrame open = openFrom(from);
      sent.addFirst(open);
      transmit(open);
      answer();
      sealed = false;
    } catch (PipelineFailure e) {
      sent.pollFirst();
      if (reused && e.again()) {
        file.data().connections().dropIdle(targets.head());
      }
      closeConnection();
      throw e;
    } catch (IOException e) {
      sent.removeIf(frame -> frame.op() == BlockOp.OPEN_WRITE);
      closeConnection();
      throw PipelineFailure.broken(e, targets.headId(), reused);
    }
  }

  private void send(WriteFrame frame) throws IOException {
    sent.addLast(frame);
    sentBytes += frame.cost();
    try {
      transmit(frame);
    } catch (PipelineFailure e) {
      recover(e);
    }
  }

  private void transmit(WriteFrame frame) throws PipelineFailure {
    try {
      if (wroteToFile(frame)) {
        frame.sendSums(connection, file.block(index));
      } else {
        boolean opens = frame.op() == BlockOp.OPEN_WRITE;
        frame.send(connection, file.block(index), opens ? targets.pipeline() : null);
      }
    } catch (IOException e) {
      throw broken(e);
    }
    switch (frame.op()) {
      case OPEN_WRITE -> transmittedLength = frame.length();
      case WRITE -> transmittedLength = Math.max(transmittedLength, frame.end());
      default -> {}
    }
  }

  /** Only what comes after all that the block has: of the rest the worker knows the checksums. */
  private boolean wroteToFile(WriteFrame frame) throws ClosedByInterruptException {
    boolean possible =
        inFile != null
            && frame.op() == BlockOp.WRITE
            && frame.offset() >= transmittedLength
            && WritableBlock.takes(frame.offset());
    if (!possible) {
      return false;
    }
    try {
      inFile.write(frame.offset(), frame.payload());
      return true;
    } catch (ClosedByInterruptException e) {
      throw e; // the caller is to end, and the file is as good as before
    } catch (IOException e) {
      file.data().local().notWritable(targets.head(), e);
      closeFile();
      return false;
    }
  }

  private PipelineFailure broken(IOException cause) {
    if (connection.timedOut()) {
      file.data().suspects().add(connection.worker());
    }
    return PipelineFailure.broken(cause, targets.headId(), !connection.timedOut());
  }

  /** Takes the answer to the first request of those that wait for one. */
  private void answer() throws PipelineFailure {
    if (connection == null) {
      throw PipelineFailure.broken(new IOException("no pipeline is left"), targets.headId(), false);
    }
    WriteFrame frame = sent.peekFirst();
    ByteBuffer payload =
        frame.op() == BlockOp.OPEN_WRITE && frame.asksForFile()
            ? ByteBuffer.allocate(OPENED_MAX_BYTES)
            : NOTHING.duplicate();
    BlockReply reply = receive(payload);
    if (!reply.ok()) {
      int worker = reply.failedWorkerId() == 0 ? targets.headId() : reply.failedWorkerId();
      throw PipelineFailure.refused(reply.exception(), worker);
    }
    if (reply.header().op() != frame.op()) {
      throw broken(new IOException("answer to " + reply.header().op() + ", not " + frame.op()));
    }
    sent.pollFirst();
    sentBytes -= frame.cost();
    switch (frame.op()) {
      case OPEN_WRITE ->
          inFile =
              file.data().local().openToWrite(targets.head(), file.block(index), payload.flip());
      case WRITE -> {
        answeredLength = Math.max(answeredLength, frame.end());
        keep(frame);
      }
      case SYNC -> durable = durable || noWritesWait();
      case COMMIT -> {
        sealed = true;
        durable |= frame.durable();
        forgetKept();
        whole = length == 0;
        giveBackConnection();
      }
      case ABORT -> giveBackConnection();
      default -> {}
    }
    if (sent.isEmpty() && frame.op() != BlockOp.OPEN_WRITE) {
      failures = 0;
    }
  }

  private void take() throws IOException {
    connection = file.data().connections().take(targets.head());
    answeredId = connection.lastRequestId();
  }

  /** The answer to the first request that waits for one: they come in order. */
  private BlockReply receive(ByteBuffer into) throws PipelineFailure {
    try {
      BlockReply reply = connection.receiveFollowed(into);
      long wanted = answeredId + 1;
      if (reply.header().requestId() != wanted) {
        throw connection.broken(
            new IOException(
                "answer to request " + reply.header().requestId() + " in place of " + wanted));
      }
      answeredId = wanted;
      return reply;
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private boolean noWritesWait() {
    return sent.stream().noneMatch(frame -> frame.op() == BlockOp.WRITE);
  }

  private void keep(WriteFrame frame) {
    if (!whole) {
      file.buffers().giveBack(frame.payload());
      return;
    }
    kept.addLast(frame);
    keptBytes += Math.max(frame.cost(), frame.payload().capacity());
    if (keptBytes > keepBytes) {
      forgetKept();
      whole = false;
    }
  }

  private void forgetKept() {
    kept.forEach(frame -> file.buffers().giveBack(frame.payload()));
    kept.clear();
    keptBytes = 0;
  }

  private void giveBackConnection() {
    closeFile();
    file.data().connections().giveBack(connection);
    connection = null;
  }

  private void closeFile() {
    if (inFile != null) {
      try {
        inFile.close();
      } catch (IOException e) {
        LOG.debug("the file of block {} of inode {} did not close well", index, file.inode(), e);
      }
      inFile = null;
    }
  }

  private void closeConnection() {
    closeFile();
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  // --- failures ---

  /**
   * Goes on, on the same workers or on others; everything unanswered is sent again. Gives up when
   * the patience for one request is over.
   */
  private void recover(PipelineFailure first) throws IOException {
    long deadline = System.nanoTime() + file.data().config().requestTimeout().toNanos();
    PipelineFailure failure = first;
    Backoff backoff = new Backoff();
    boolean moving = false;
    BlockSpill held = null;
    if (connection != null && connection.reused() && first.isBreak()) {
      file.data().connections().dropIdle(targets.head()); // as old, and as broken
    }
    sent.removeIf(frame -> frame.op() == BlockOp.OPEN_WRITE);
    try {
      while (true) {
        closeConnection();
        countFailure(failure, deadline);
        if (failures > 1) {
          file.data().pauses().await(backoff.nextNanos());
        }
        try {
          BlockTargets others = sameOrOthers(failure);
          if (others == null && !moving) {
            connect();
          } else {
            held = moving || whole ? held : readBack(failure);
            moving = true;
            moveTo(others == null ? targets : others, held);
          }
          for (WriteFrame frame : sent) {
            transmit(frame);
          }
          return;
        } catch (PipelineFailure again) {
          failure = again;
        }
      }
    } finally {
      if (held != null) {
        held.close();
      }
    }
  }

  private void countFailure(PipelineFailure failure, long deadline) throws CurvineException {
    failures++;
    if (failure.hopeless() || !file.recovers() || System.nanoTime() - deadline > 0) {
      throw new CurvineException(
          failure.code(),
          "block " + index + " of inode " + file.inode() + ": " + failure.getMessage(),
          failure);
    }
    if (failures == 1) {
      LOG.info(
          "pipeline of block {} of inode {} broke at worker {}: {}",
          index,
          file.inode(),
          failure.workerId(),
          failure.getMessage());
    }
  }

  /** Null: the same workers once more, which have what was answered. */
  private BlockTargets sameOrOthers(PipelineFailure failure) throws IOException {
    if (failure.again() && failures <= SAME_WORKERS_TRIES) {
      return null;
    }
    return allocateOthers(failure);
  }

  /** Null where there are none, and those of now may come back. */
  private BlockTargets allocateOthers(PipelineFailure failure) throws IOException {
    excluded.add(failure.workerId());
    try {
      return BlockTargets.allocate(file, index, excluded);
    } catch (CurvineException e) {
      if (e.code() == ErrorCode.NO_SPACE && failure.passing()) {
        excluded.clear();
        return null;
      }
      throw new CurvineException(
          e.code(), e.getMessage() + "; before: " + failure.getMessage(), failure);
    }
  }

  /**
   * Writes what the block held to other workers.
   *
   * @param held null: all of it is kept here
   */
  private void moveTo(BlockTargets others, BlockSpill held) throws IOException {
    BlockTargets before = targets;
    targets = others;
    BlockDiscard.at(before, targets, file, index);
    dirty = true;
    durable = false;
    connect(0);
    if (held == null) {
      for (WriteFrame frame : kept) {
        rewrite(frame);
      }
      return;
    }
    for (long at = 0; at < held.length(); at += BlockSpill.CHUNK_BYTES) {
      rewrite(WriteFrame.data(at, held.chunk(at)));
    }
  }

  /** One at a time: this is rare, and its answers must not mix with those awaited. */
  private void rewrite(WriteFrame frame) throws PipelineFailure {
    transmit(frame);
    BlockReply reply = receive(NOTHING.duplicate());
    if (!reply.ok()) {
      int worker = reply.failedWorkerId() == 0 ? targets.headId() : reply.failedWorkerId();
      throw PipelineFailure.refused(reply.exception(), worker);
    }
  }

  private BlockSpill readBack(PipelineFailure failure) throws IOException {
    try {
      return BlockSpill.of(file, targets.readable(file, index, answeredLength, failure.workerId()));
    } catch (IOException e) {
      throw new CurvineException(
          failure.code(),
          "block "
              + index
              + " of inode "
              + file.inode()
              + " was lost with the workers that it was written to ("
              + failure.getMessage()
              + "); none of them gives it back: "
              + e.getMessage(),
          e);
    }
  }
}
