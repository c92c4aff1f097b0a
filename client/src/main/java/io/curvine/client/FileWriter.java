/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.CommitFile;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.ReleaseLease;
import io.curvine.protocol.proto.TruncateFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one writer of a file, anywhere in it. Thread-safe by a lock.
 *
 * <p>What is written is seen by readers that open after {@link #flush}, {@link #sync} or {@link
 * #close}. Writes are sent without waiting: what fails may show in a later call. After a failure
 * that it could not get over, the writer refuses everything but {@link #abort} and {@link #close},
 * which give the file back.
 */
public final class FileWriter implements Closeable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Namespace namespace;
  private final WriteContext context;
  private final WriterBlocks blocks;
  private final long blockSize;

  private Inode inode;
  private long length;
  private long publishedLength;

  /** When what is not published was changed; 0: nothing is, or nobody said. */
  private long modifiedNanos;

  /** The file is another one than before it was opened, so giving it back begins its export. */
  private boolean changed;

  private boolean closed;
  private IOException failure;

  // Bytes that follow each other, gathered into one request.
  private ByteBuffer gathered;
  private long gatheredAt;

  FileWriter(CommandResult opened, boolean emptied, Namespace namespace, DataPlane data)
      throws CurvineException {
    this.namespace = namespace;
    this.inode = opened.getInode();
    this.changed = emptied;
    this.length = inode.getLengthBytes();
    this.publishedLength = length;
    this.blockSize = Integer.toUnsignedLong(inode.getBlockSizeBytes());
    this.context =
        new WriteContext(
            inode.getId(), opened.getWriteVersion(), namespace, data, new WriteBuffers(), true);
    this.blocks = new WriterBlocks(context, blockSize, length, BlockTargets.of(opened));
    if (blockSize < Limits.PAGE_SIZE_BYTES || blockSize % Limits.PAGE_SIZE_BYTES != 0) {
      throw Checks.invalid(
          "inode " + inode.getId() + " has blocks of " + blockSize + " bytes; allowed: n MiB");
    }
  }

  /** The file as it was when last published by this writer. */
  public Inode inode() {
    return locked(() -> inode);
  }

  /** In bytes, with what is not published. */
  public long length() {
    return locked(() -> length);
  }

  /** Writes the buffer's bytes at a position; a gap before them reads as zeros. */
  public void write(long position, ByteBuffer from) throws IOException {
    Checks.range("position", position, 0, Long.MAX_VALUE - from.remaining());
    Checks.range("end of the write", position + from.remaining(), 0, blockSize * Integer.MAX_VALUE);
    attempt(
        () -> {
          long at = position;
          while (from.hasRemaining()) {
            at += gather(at, from);
          }
          length = Math.max(length, at);
        });
  }

  /**
   * Says when the file is changed by what is called next: what is published then has this time of
   * modification and of change, also where it is only the times that change. Where nobody says, it
   * is the time of the publication.
   *
   * @param nanos since the epoch, not 0
   */
  public void modified(long nanos) {
    lock.lock();
    try {
      modifiedNanos = nanos;
    } finally {
      lock.unlock();
    }
  }

  private int gather(long position, ByteBuffer from) throws IOException {
    if (gathered != null && position != gatheredAt + gathered.position()) {
      sendGathered();
    }
    if (gathered == null) {
      gathered = context.buffers().take();
      gatheredAt = position;
    }
    int left = (int) (WriteBuffers.BYTES - position % WriteBuffers.BYTES);
    int taken = Math.min(from.remaining(), left);
    gathered.put(from.duplicate().limit(from.position() + taken));
    from.position(from.position() + taken);
    if (taken == left) {
      sendGathered();
    }
    return taken;
  }

  private void sendGathered() throws IOException {
    if (gathered == null) {
      return;
    }
    ByteBuffer payload = gathered.flip();
    gathered = null;
    length = Math.max(length, gatheredAt + payload.remaining());
    blocks.write(gatheredAt, compact(payload));
  }

  /** A short piece does not hold on to a whole buffer. */
  private ByteBuffer compact(ByteBuffer payload) {
    if (payload.remaining() > WriteBuffers.BYTES / 4) {
      return payload;
    }
    ByteBuffer small = ByteBuffer.allocate(payload.remaining()).put(payload).flip();
    context.buffers().giveBack(payload);
    return small;
  }

  /** Publishes what was written, as safe as {@link ClientConfig#writeAck} says. */
  public void flush() throws IOException {
    publish(context.fsync());
  }

  /** Publishes what was written, durable on all replicas. */
  public void sync() throws IOException {
    publish(true);
  }

  private void publish(boolean durable) throws IOException {
    lock.lock();
    try {
      attempt(
          () -> {
            sendGathered();
            blocks.finish(durable, durable);
          });
      commit(false);
    } finally {
      lock.unlock();
    }
  }

  /** Where it fails, nothing is lost: it may be asked for again. */
  private void commit(boolean close) throws IOException {
    var written = blocks.dirty();
    boolean nothing = written.isEmpty() && length == publishedLength && modifiedNanos == 0;
    if (nothing && !close) {
      return;
    }
    CommandResult result =
        namespace.command(
            Command.newBuilder()
                .setCommitFile(
                    CommitFile.newBuilder()
                        .setInode(context.inode())
                        .setWriteVersion(context.version())
                        .setLengthBytes(length)
                        .addAllBlocks(written)
                        .setMtimeNanos(modifiedNanos)
                        .setCtimeNanos(modifiedNanos)
                        .setClose(close)));
    inode = result.hasInode() ? result.getInode() : inode;
    publishedLength = length;
    modifiedNanos = 0;
    changed = true;
    blocks.markPublished();
    closed = close;
    namespace.awaitJobs(result);
  }

  /** Cuts the file, for readers at once, or extends it with zeros, for them when published. */
  public void truncate(long to) throws IOException {
    Checks.range("length", to, 0, blockSize * Integer.MAX_VALUE);
    lock.lock();
    try {
      attempt(this::sendGathered);
      if (to < publishedLength) {
        cutPublished(to);
      }
      if (to < length) {
        attempt(() -> blocks.cut(to));
      }
      length = to;
    } finally {
      lock.unlock();
    }
  }

  private void cutPublished(long to) throws IOException {
    CommandResult result =
        namespace.change(
            Command.newBuilder()
                .setTruncateFile(
                    TruncateFile.newBuilder()
                        .setAt(Refs.inode(context.inode()))
                        .setLengthBytes(to)));
    inode = result.hasInode() ? result.getInode() : inode;
    publishedLength = to;
    changed = true;
  }

  /**
   * Publishes what was written and gives the file back; under a write-through mount it waits until
   * the UFS has it. Closing again does nothing.
   */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (failure != null) {
        IOException lost = again();
        abandon(lost);
        throw lost;
      }
      finish();
    } finally {
      lock.unlock();
    }
  }

  private void finish() throws IOException {
    try {
      sendGathered();
      if (changed || length != publishedLength || modifiedNanos != 0 || blocks.anyDirty()) {
        blocks.finish(context.fsync(), false);
        commit(true);
      } else {
        giveBack();
      }
    } catch (IOException | RuntimeException e) {
      if (!closed) {
        abandon(e);
      }
      throw e;
    } finally {
      blocks.leave();
    }
  }

  /** The failure is what matters; one of giving back is told beside it. */
  private void abandon(Exception cause) {
    try {
      giveBack();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Gives the file back without what is not published. */
  public void abort() throws IOException {
    lock.lock();
    try {
      if (!closed) {
        blocks.abort();
        giveBack();
      }
    } finally {
      lock.unlock();
    }
  }

  private void giveBack() throws IOException {
    closed = true;
    gathered = null;
    blocks.leave();
    namespace.command(
        Command.newBuilder()
            .setReleaseLease(
                ReleaseLease.newBuilder()
                    .setInode(context.inode())
                    .setWriteVersion(context.version())));
  }

  private interface Action {
    void run() throws IOException;
  }

  private void attempt(Action action) throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the writer is closed");
      }
      if (failure != null) {
        throw again();
      }
      try {
        action.run();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  private IOException again() {
    String message = "an earlier call failed: " + failure.getMessage();
    return failure instanceof CurvineException known
        ? new CurvineException(known.code(), message, failure)
        : new IOException(message, failure);
  }

  private <T> T locked(java.util.function.Supplier<T> look) {
    lock.lock();
    try {
      return look.get();
    } finally {
      lock.unlock();
    }
  }
}
