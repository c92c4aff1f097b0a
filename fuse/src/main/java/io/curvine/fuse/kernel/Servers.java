/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import io.curvine.protocol.CurvineException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that serve a connection. Each reads a request from its own descriptor, does it and
 * answers.
 *
 * <p>A request may wait long (a close under a write-through mount waits for the under store), so
 * when the last idle thread takes one, another is started, up to a limit; a thread that finds
 * enough idle ones ends. Thread-safe.
 */
final class Servers {
  private static final Logger LOG = LoggerFactory.getLogger(Servers.class);

  private final Dispatcher dispatcher;
  private final int idleKept;
  private final int most;
  private final Runnable atEnd;
  private final AtomicInteger total = new AtomicInteger();
  private final AtomicInteger idle = new AtomicInteger();
  private final CountDownLatch ended = new CountDownLatch(1);

  Servers(Dispatcher dispatcher, int idleKept, int most, Runnable atEnd) {
    this.dispatcher = dispatcher;
    this.idleKept = idleKept;
    this.most = most;
    this.atEnd = atEnd;
  }

  /** Serves from now on; the descriptor is the threads' to close. */
  void start(Device first) throws CurvineException {
    add(first);
    for (int i = 1; i < idleKept; i++) {
      add(first.copy());
    }
  }

  int count() {
    return total.get();
  }

  /** False if the time was over first. */
  boolean awaitEnd(long seconds) throws InterruptedException {
    return ended.await(seconds, TimeUnit.SECONDS);
  }

  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  boolean hasEnded() {
    return ended.getCount() == 0;
  }

  private void add(Device device) {
    Request request = new Request(Negotiation.MAX_WRITE_BYTES);
    Reply reply = new Reply(Negotiation.MAX_WRITE_BYTES);
    total.incrementAndGet();
    idle.incrementAndGet();
    Thread thread = new Thread(() -> serve(device, request, reply), "fuse-" + device.descriptor());
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Device device, Request request, Reply reply) {
    try {
      while (device.receive(request)) {
        if (idle.decrementAndGet() == 0) {
          addOneMore(device);
        }
        reply.clear();
        int errno = dispatcher.dispatch(request, reply);
        if (!Opcode.isOneWay(request.opcode())) {
          device.send(reply, reply.finish(request.unique(), errno));
        }
        if (idle.incrementAndGet() > idleKept) {
          break;
        }
      }
      idle.decrementAndGet();
    } catch (IOException | RuntimeException e) {
      LOG.error("a thread of the mount fails", e);
    } finally {
      device.close();
      if (total.decrementAndGet() == 0) {
        atEnd.run();
        ended.countDown();
      }
    }
  }

  private void addOneMore(Device device) {
    if (total.get() >= most) {
      return;
    }
    try {
      add(device.copy());
    } catch (CurvineException | OutOfMemoryError e) {
      LOG.warn("{} threads serve the mount, no more can be started", total, e);
    }
  }
}
