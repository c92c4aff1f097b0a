/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Answers that depend on whether this master leads. Thread-safe.
 *
 * @param confirm completes when this master led after it was asked, and had all that earlier
 *     leaders committed
 */
record Leadership(Supplier<CompletableFuture<Void>> confirm) {
  /** What is answered by a master that leads, or does not. */
  interface Answer {
    ApiMessage of(boolean leads) throws IOException;
  }

  /** Asks, and then makes the answer on the connection's event loop. */
  CompletableFuture<ApiMessage> answer(EventLoop loop, Answer answer) {
    CompletableFuture<ApiMessage> made = new CompletableFuture<>();
    confirm
        .get()
        .whenComplete(
            (leads, failure) ->
                loop.execute(
                    () -> {
                      try {
                        made.complete(answer.of(failure == null));
                      } catch (IOException | RuntimeException e) {
                        made.completeExceptionally(e);
                      }
                    }));
    return made;
  }
}
