/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.journal.EventSlice;
import io.curvine.journal.JournalLog;
import io.curvine.protocol.proto.FetchEvents;
import io.curvine.protocol.proto.FetchEventsReply;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.rpc.RpcResponder;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Gives events of the journal, waiting for the first where there is none yet. Thread-safe. */
final class FeedService {
  private static final int BYTES_MAX = 8 << 20;
  private static final int BYTES_DEFAULT = 1 << 20;
  private static final long WAIT_MAX_MILLIS = 60_000;

  private final JournalPoll poll;

  FeedService(Supplier<JournalLog> journal, Executor executor) {
    this.poll = new JournalPoll(journal, executor);
  }

  void fetch(FetchEvents request, RpcResponder responder) {
    long waitMillis = Math.min(Integer.toUnsignedLong(request.getWaitMs()), WAIT_MAX_MILLIS);
    poll.answer(request.getFromOffset(), waitMillis, responder, log -> read(log, request));
  }

  private static MasterResponse read(JournalLog log, FetchEvents request) {
    int maxBytes = request.getMaxBytes() <= 0 ? BYTES_DEFAULT : request.getMaxBytes();
    try {
      EventSlice slice = log.read(request.getFromOffset(), Math.min(maxBytes, BYTES_MAX));
      return MasterResponse.newBuilder()
          .setFetchEvents(
              FetchEventsReply.newBuilder()
                  .setFirstOffset(slice.firstOffset())
                  .addAllEvents(slice.events())
                  .setNextOffset(log.nextOffset()))
          .build();
    } catch (IOException | RuntimeException e) {
      return Responses.failure(e);
    }
  }
}
