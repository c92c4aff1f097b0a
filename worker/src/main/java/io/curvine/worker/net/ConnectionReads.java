/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.worker.fill.FillSource;
import io.curvine.worker.net.ReadService.Reader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

/**
 * The reads of one connection: carried out side by side, at once where no disk has to be waited
 * for, else on the data threads. A read whose reply would have to be held in memory waits while the
 * client leaves others there; for a client that is gone nothing is begun. Thread-safe.
 */
final class ConnectionReads {
  private final DataServer server;
  private final Answers answers;
  private final ReplyMemory memory;
  private final Reader reader;

  /** For the client to take earlier replies. */
  private final Queue<Waiter> waiting = new ArrayDeque<>();

  private volatile boolean closed;

  /**
   * A read that waits.
   *
   * @param needed bytes of room; 0: not known yet
   */
  private record Waiter(BlockFrame frame, int needed) {}

  /** Who sends what comes out. */
  interface Answers {
    void finish(BlockFrame frame, Reply reply);

    void fail(BlockFrame frame, Throwable failure);
  }

  ConnectionReads(DataServer server, Answers answers) {
    this.server = server;
    this.answers = answers;
    this.memory = server.replyMemory(this::wake);
    this.reader = new Reader(memory, () -> !closed);
  }

  /** Carries a READ or a READ_RANGES out; on the event loop. */
  void begin(BlockFrame frame) {
    try {
      server.lease().check();
      if (waitBehindOthers(frame)) {
        return;
      }
      Optional<Reply> now = server.reads().now(wanted(frame), memory);
      if (now.isPresent()) {
        answer(frame, now.get());
      } else {
        readOnThread(frame);
      }
    } catch (ReplyMemory.FullException e) {
      waitForRoom(frame, e);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      answers.fail(frame, e);
    }
  }

  private static WantedRanges wanted(BlockFrame frame) throws IOException {
    return WantedRanges.of(frame.header(), frame.extra());
  }

  private void answer(BlockFrame frame, Reply reply) {
    server.countRead(reply);
    answers.finish(frame, reply);
  }

  private void readOnThread(BlockFrame frame) {
    try {
      server.executor().execute(() -> readNow(frame));
    } catch (RejectedExecutionException e) {
      answers.fail(frame, server.busy(e));
    }
  }

  private void readNow(BlockFrame frame) {
    if (closed) {
      frame.release();
      return;
    }
    try {
      server.lease().check();
      server
          .reads()
          .read(wanted(frame), FillSource.of(frame.extra()), reader)
          .whenComplete((reply, failure) -> ended(frame, reply, failure));
    } catch (IOException | RuntimeException | Error e) {
      ended(frame, null, e);
    }
  }

  private void ended(BlockFrame frame, Reply reply, Throwable failure) {
    if (failure == null) {
      answer(frame, reply);
    } else if (Failures.cause(failure) instanceof ReplyMemory.FullException full) {
      waitForRoom(frame, full);
    } else {
      answers.fail(frame, failure);
    }
  }

  // --- reads that wait for room ---

  /** A long reply would never get room beside short ones that pass it. */
  private synchronized boolean waitBehindOthers(BlockFrame frame) {
    return !waiting.isEmpty() && waiting.add(new Waiter(frame, 0));
  }

  private void waitForRoom(BlockFrame frame, ReplyMemory.FullException full) {
    boolean gone;
    synchronized (this) {
      gone = closed || !waiting.add(new Waiter(frame, full.needed()));
    }
    if (gone) {
      frame.release();
    }
    wake(); // room that was given meanwhile found nobody
  }

  private void wake() {
    List<BlockFrame> woken = new ArrayList<>();
    synchronized (this) {
      long held = memory.held();
      while (!waiting.isEmpty() && ReplyMemory.fits(held, waiting.element().needed())) {
        Waiter next = waiting.remove();
        held += Math.max(1, next.needed());
        woken.add(next.frame());
      }
    }
    woken.forEach(this::readOnThread);
  }

  /** A reply that held so many bytes in memory is sent, or never will be. */
  void sent(int heldBytes) {
    memory.give(heldBytes);
  }

  /** The client is gone. */
  void close() {
    List<Waiter> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(waiting);
      waiting.clear();
    }
    left.forEach(waiter -> waiter.frame().release());
  }
}
