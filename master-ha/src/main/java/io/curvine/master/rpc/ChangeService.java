/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.journal.EventSlice;
import io.curvine.journal.JournalLog;
import io.curvine.protocol.change.ChangeFilter;
import io.curvine.protocol.change.Changes;
import io.curvine.protocol.proto.ChangeType;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FetchChanges;
import io.curvine.protocol.proto.FetchChangesReply;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.rpc.RpcResponder;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Gives changes of the namespace, waiting for the first that is wanted. Thread-safe. */
final class ChangeService {
  private static final int BYTES_MAX = 8 << 20;
  private static final int BYTES_DEFAULT = 1 << 20;
  private static final long WAIT_MAX_MILLIS = 60_000;

  private final JournalPoll poll;

  ChangeService(Supplier<JournalLog> journal, Executor executor) {
    this.poll = new JournalPoll(journal, executor);
  }

  void fetch(FetchChanges request, RpcResponder responder) {
    ChangeFilter filter;
    try {
      filter = filter(request);
    } catch (IllegalArgumentException e) {
      responder.respond(Responses.of(ErrorCode.INVALID_ARGUMENT, e.getMessage()));
      return;
    }
    JournalLog log = poll.journal();
    if (Long.compareUnsigned(request.getFromOffset(), log.nextOffset()) > 0) {
      responder.respond(
          Responses.of(
              ErrorCode.NOT_READY,
              "this master has events below "
                  + log.nextOffset()
                  + "; asked for those from "
                  + Long.toUnsignedString(request.getFromOffset())));
      return;
    }
    long waitMillis = Math.min(Integer.toUnsignedLong(request.getWaitMs()), WAIT_MAX_MILLIS);
    new Search(request, filter, log, waitMillis, responder).goOn(request.getFromOffset());
  }

  private static ChangeFilter filter(FetchChanges request) {
    Set<ChangeType> types = new HashSet<>(request.getTypesList());
    if (types.contains(ChangeType.UNRECOGNIZED)) {
      throw new IllegalArgumentException("a type of change that this master does not know");
    }
    return new ChangeFilter(request.getPath(), types);
  }

  /** Looks through the journal until something is found, or the time is over. */
  private final class Search {
    private final ChangeFilter filter;
    private final JournalLog log;
    private final RpcResponder responder;
    private final int maxBytes;
    private final long deadlineNanos;

    Search(
        FetchChanges request,
        ChangeFilter filter,
        JournalLog log,
        long waitMillis,
        RpcResponder responder) {
      this.filter = filter;
      this.log = log;
      this.responder = responder;
      int wanted = request.getMaxBytes();
      this.maxBytes = wanted <= 0 ? BYTES_DEFAULT : Math.min(wanted, BYTES_MAX);
      this.deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
    }

    void goOn(long fromOffset) {
      long leftNanos = deadlineNanos - System.nanoTime();
      if (fromOffset != log.nextOffset() || leftNanos <= 0) {
        poll.later(responder, () -> read(fromOffset));
        return;
      }
      CompletableFuture<Void> appended = log.onAppend(fromOffset);
      appended
          .copy()
          .completeOnTimeout(null, leftNanos, TimeUnit.NANOSECONDS)
          .whenComplete(
              (done, failure) -> {
                appended.cancel(false);
                if (failure == null) {
                  poll.later(responder, () -> read(fromOffset));
                } else {
                  responder.respond(Responses.failure(failure));
                }
              });
    }

    private void read(long fromOffset) {
      try {
        EventSlice slice = log.read(fromOffset, maxBytes);
        FetchChangesReply.Builder reply = FetchChangesReply.newBuilder();
        long offset = fromOffset;
        for (Event event : slice.events()) {
          long at = offset++;
          Changes.of(at, event)
              .or(() -> Changes.asks(at, event))
              .filter(filter::passes)
              .ifPresent(reply::addChanges);
        }
        if (reply.getChangesCount() == 0 && System.nanoTime() - deadlineNanos < 0) {
          goOn(slice.nextOffset());
          return;
        }
        reply.setNextOffset(slice.nextOffset()).setEndOffset(log.nextOffset());
        responder.respond(MasterResponse.newBuilder().setFetchChanges(reply).build());
      } catch (IOException | RuntimeException e) {
        responder.respond(Responses.failure(e));
      }
    }
  }
}
