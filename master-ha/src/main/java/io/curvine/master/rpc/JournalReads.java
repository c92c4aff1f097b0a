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
import java.util.concurrent.Executor;
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

  private final JournalPoll poll;

  /**
   * @param journal the one in use
   * @param executor bounded; files are read there
   */
  public JournalReads(Supplier<JournalLog> journal, Executor executor) {
    this.poll = new JournalPoll(journal, executor);
  }

  void read(ReadJournal request, RpcResponder responder) {
    if (request.getFromOffset() == ONLY_RANGE) {
      responder.respond(answer(range(poll.journal())));
      return;
    }
    long waitMillis = Math.min(Integer.toUnsignedLong(request.getWaitMs()), WAIT_MAX_MILLIS);
    poll.answer(request.getFromOffset(), waitMillis, responder, log -> read(log, request));
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
