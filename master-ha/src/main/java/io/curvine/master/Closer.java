/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what was opened, in the reverse order, once; one failure does not keep the rest open. */
final class Closer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Closer.class);
  private static final long EXECUTOR_MILLIS = 5_000;

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  synchronized <T extends AutoCloseable> T add(T part) {
    opened.push(part);
    return part;
  }

  <T extends ExecutorService> T addExecutor(T executor) {
    add(
        () -> {
          executor.shutdownNow();
          if (!executor.awaitTermination(EXECUTOR_MILLIS, TimeUnit.MILLISECONDS)) {
            LOG.warn("a thread did not end in {} ms", EXECUTOR_MILLIS);
          }
        });
    return executor;
  }

  @Override
  public synchronized void close() {
    while (!opened.isEmpty()) {
      AutoCloseable part = opened.pop();
      try {
        part.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        LOG.warn("cannot close a part of the master", e);
      }
    }
  }
}
