/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import com.google.protobuf.UnsafeByteOperations;
import io.curvine.journal.JournalLog;
import io.curvine.journal.LogSlice;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.JournalBytes;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.ReadJournal;
import io.curvine.protocol.rpc.RpcResponder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Gives operators this master's journal as its files have it, waiting for more where there is none
 * yet. Thread-safe.
 */
public final class JournalReads {
  private static final long BYTES_MAX = 8 << 20;
  private static final int BYTES_DEFAULT = 1 << 20;
  private static final long WAIT_MAX_MILLIS = 30_000;
  private static final long ONLY_RANGE = -1;

  private final Supplier<JournalLog> journal;
  private final Executor executor;

  /**
   * @param journal the one in use
   * @param executor bounded; files are read there
   */
  public JournalReads(Supplier<JournalLog> journal, Executor executor) {
    this.journal = journal;
    this.executor = executor;
  }

  void read(ReadJournal request, RpcResponder responder) {
    long waitMillis = Math.min(Integer.toUnsignedLong(request.getWaitMs()), WAIT_MAX_MILLIS);
    JournalLog log = journal.get();
    if (request.getFromOffset() == ONLY_RANGE) {
      responder.respond(answer(range(log)));
      return;
    }
    if (waitMillis == 0 || request.getFromOffset() != log.nextOffset()) {
      readLater(log, request, responder);
      return;
    }
    CompletableFuture<Void> appended = log.onAppend(request.getFromOffset());
    appended
        .copy()
        .completeOnTimeout(null, waitMillis, TimeUnit.MILLISECONDS)
        .whenComplete(
            (done, failure) -> {
              appended.cancel(false);
              // A snapshot may have put another journal in its place.
              readLater(failure == null ? log : journal.get(), request, responder);
            });
  }

  private void readLater(JournalLog log, ReadJournal request, RpcResponder responder) {
    try {
      executor.execute(() -> responder.respond(read(log, request)));
    } catch (RejectedExecutionException e) {
      responder.respond(Responses.busy("requests"));
    }
  }

  private static MasterResponse read(JournalLog log, ReadJournal request) {
    long asked = Integer.toUnsignedLong(request.getMaxBytes());
    int maxBytes = asked == 0 ? BYTES_DEFAULT : (int) Math.min(asked, BYTES_MAX);
    try (LogSlice slice = log.sliceFor(request.getFromOffset(), maxBytes)) {
      ByteBuffer bytes = ByteBuffer.allocate(slice.lengthBytes());
      slice.read(bytes);
      bytes.flip();
      // A batch begins with the offset of its first event.
      long start = bytes.hasRemaining() ? bytes.getLong(0) : request.getFromOffset();
      return answer(
          range(log).setBytes(UnsafeByteOperations.unsafeWrap(bytes)).setStartOffset(start));
    } catch (IOException | RuntimeException e) {
      return Responses.failure(e);
    }
  }

  private static JournalBytes.Builder range(JournalLog log) {
    return JournalBytes.newBuilder()
        .setStartOffset(ONLY_RANGE)
        .setFirstOffset(log.startOffset())
        .setNextOffset(log.nextOffset());
  }

  private static MasterResponse answer(JournalBytes.Builder bytes) {
    return MasterResponse.newBuilder()
        .setAdmin(AdminReply.newBuilder().setJournalBytes(bytes))
        .build();
  }
}
