/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The body of a GetObject. The SDK hands it over in pieces of a few KiB; a reader is woken when as
 * much as it waits for is there, not for each. At most about a MiB waits in memory: the socket is
 * read as the caller reads. For one reader.
 */
final class S3ObjectStream extends UfsStream {
  /** A reader waits for so much, if it asks for it. */
  private static final int WAKE_BYTES = 256 << 10;

  /** No more is asked of the socket than fits beside what the reader has not taken. */
  private static final int WINDOW_BYTES = 1 << 20;

  /** Which the SDK's pieces have at most, without TLS: they are asked for by number. */
  private static final int PIECE_BYTES = 8 << 10;

  /** Fewer are not asked for again. */
  private static final int ASK_PIECES = WINDOW_BYTES / PIECE_BYTES / 4;

  private final String what;
  private final long length;
  private final Attempt attempt;

  /** Bytes that the reader has not taken. */
  private long remaining;

  private S3ObjectStream(String what, long length, Attempt attempt) {
    this.what = what;
    this.length = length;
    this.attempt = attempt;
    this.remaining = length;
  }

  /**
   * Makes the stream of an answer, which is given when its first bytes are there.
   *
   * @param what s3:// name, or that of another store, for the message of a failure
   * @param length that is asked for
   */
  static AsyncResponseTransformer<GetObjectResponse, S3ObjectStream> transformer(
      String what, long length) {
    return new AsyncResponseTransformer<>() {
      private volatile Attempt attempt;

      @Override
      public CompletableFuture<S3ObjectStream> prepare() {
        Attempt next = new Attempt(Math.min(length, WAKE_BYTES));
        attempt = next;
        return next.begun.thenApply(unused -> new S3ObjectStream(what, length, next));
      }

      @Override
      public void onResponse(GetObjectResponse response) {
        attempt.response = response;
      }

      @Override
      public void onStream(SdkPublisher<ByteBuffer> publisher) {
        publisher.subscribe(attempt);
      }

      @Override
      public void exceptionOccurred(Throwable failure) {
        attempt.onError(failure);
      }
    };
  }

  /** What the answer says of the object. */
  GetObjectResponse response() {
    return attempt.response;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (!into.hasRemaining()) {
      return 0;
    }
    if (remaining == 0) {
      return -1;
    }
    try {
      int count = attempt.take(into, (int) Math.min(into.remaining(), remaining));
      remaining -= count;
      if (remaining == 0) {
        attempt.awaitEnd(); // so that the connection can be used again
      }
      return count;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CurvineException(ErrorCode.UFS_ERROR, what + ": interrupted", e);
    } catch (IOException | RuntimeException e) {
      throw S3Errors.of(what, e);
    }
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    return read(ByteBuffer.wrap(target, offset, count));
  }

  @Override
  public void close() {
    attempt.cancel();
  }

  @Override
  public String toString() {
    return what + ", " + length + " bytes";
  }

  /** One attempt of the SDK to get the body. Thread-safe. */
  private static final class Attempt implements Subscriber<ByteBuffer> {
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final long firstBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<ByteBuffer> pieces = new ArrayDeque<>();
    private volatile GetObjectResponse response;
    private Subscription subscription;
    private long held;

    /** What the reader waits for. */
    private long wanted;

    /** Pieces that were asked for and have not come. */
    private long asked;

    private boolean ended;
    private boolean cancelled;
    private Throwable failure;

    Attempt(long firstBytes) {
      this.firstBytes = firstBytes;
    }

    @Override
    public void onSubscribe(Subscription given) {
      boolean unwanted;
      long more;
      lock.lock();
      try {
        subscription = given;
        unwanted = cancelled;
        more = moreToAsk();
      } finally {
        lock.unlock();
      }
      if (unwanted) {
        given.cancel();
      }
      askFor(more);
    }

    @Override
    public void onNext(ByteBuffer piece) {
      boolean first;
      long more;
      lock.lock();
      try {
        asked--;
        if (cancelled) {
          return;
        }
        if (piece.hasRemaining()) {
          pieces.add(piece);
          held += piece.remaining();
        }
        first = held >= firstBytes;
        if (held >= wanted) {
          changed.signal();
        }
        more = moreToAsk(); // the pieces may be smaller
      } finally {
        lock.unlock();
      }
      if (first) {
        begun.complete(null);
      }
      askFor(more);
    }

    /** With the lock. */
    private long moreToAsk() {
      long more = (WINDOW_BYTES - held) / PIECE_BYTES - asked;
      if (more < ASK_PIECES || ended || cancelled) {
        return 0;
      }
      asked += more;
      return more;
    }

    /** Without the lock: a piece may come in this very call. */
    private void askFor(long pieces) {
      if (pieces > 0) {
        subscription.request(pieces);
      }
    }

    @Override
    public void onError(Throwable cause) {
      lock.lock();
      try {
        failure = failure == null ? cause : failure;
        ended = true;
        changed.signal();
      } finally {
        lock.unlock();
      }
      begun.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
      lock.lock();
      try {
        ended = true;
        changed.signal();
      } finally {
        lock.unlock();
      }
      begun.complete(null);
    }

    /** Waits for bytes and takes them. */
    int take(ByteBuffer into, int count) throws IOException, InterruptedException {
      int taken = 0;
      long more;
      lock.lockInterruptibly();
      try {
        await(Math.min(count, WAKE_BYTES));
        while (taken < count && !pieces.isEmpty()) {
          taken += move(pieces.peek(), into, count - taken);
          if (!pieces.peek().hasRemaining()) {
            pieces.remove();
          }
        }
        held -= taken;
        more = moreToAsk();
      } finally {
        lock.unlock();
      }
      askFor(more);
      if (taken == 0) {
        throw new CurvineException(
            ErrorCode.UFS_UNREACHABLE, "connection ended, " + count + " bytes early or more");
      }
      return taken;
    }

    private static int move(ByteBuffer piece, ByteBuffer into, int countMax) {
      int count = Math.min(piece.remaining(), countMax);
      ByteBuffer part = piece.slice().limit(count);
      into.put(part);
      piece.position(piece.position() + count);
      return count;
    }

    /** No byte may come any more. */
    void awaitEnd() throws IOException, InterruptedException {
      lock.lockInterruptibly();
      try {
        await(1);
        if (held > 0) {
          throw new CurvineException(ErrorCode.UFS_ERROR, "more bytes than were asked for");
        }
      } finally {
        lock.unlock();
      }
    }

    private void await(long bytes) throws IOException, InterruptedException {
      wanted = bytes;
      while (held < bytes && !ended) {
        changed.await();
      }
      if (failure != null) {
        throw new IOException(failure.getMessage(), failure);
      }
    }

    /** Nobody reads any more: a body that has not ended takes its connection with it. */
    void cancel() {
      Subscription left;
      lock.lock();
      try {
        left = ended ? null : subscription;
        cancelled = true;
        pieces.clear();
        held = 0;
      } finally {
        lock.unlock();
      }
      if (left != null) {
        left.cancel();
      }
    }
  }
}
