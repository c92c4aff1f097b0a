/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.journal.StoredEvent;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.JournalBytes;
import io.curvine.protocol.proto.LeadershipClaimed;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.ReadJournal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JournalReadsTest {
  @TempDir Path directory;

  private final Deque<Runnable> handed = new ArrayDeque<>();
  private JournalLog log;

  @BeforeEach
  void open() throws IOException {
    log =
        JournalLog.open(directory, new JournalConfig(1 << 20, Long.MAX_VALUE, Duration.ofDays(9)));
    for (int i = 0; i < 50; i++) {
      append();
    }
  }

  @AfterEach
  void close() throws IOException {
    log.close();
  }

  private void append() throws IOException {
    Event event =
        Event.newBuilder()
            .setTimeNanos(log.nextOffset())
            .setLeadershipClaimed(LeadershipClaimed.newBuilder().setEpoch(log.nextOffset()))
            .build();
    log.append(log.nextOffset(), StoredEvent.all(List.of(event)));
  }

  private CompletableFuture<MasterResponse> ask(long from, int maxBytes, int waitMs) {
    CompletableFuture<MasterResponse> answer = new CompletableFuture<>();
    new JournalReads(() -> log, handed::add)
        .read(
            ReadJournal.newBuilder()
                .setFromOffset(from)
                .setMaxBytes(maxBytes)
                .setWaitMs(waitMs)
                .build(),
            answer::complete);
    return answer;
  }

  private JournalBytes read(long from, int maxBytes) {
    CompletableFuture<MasterResponse> answer = ask(from, maxBytes, 0);
    assertThat(answer).as("files are read by the executor").isNotDone();
    handed.remove().run();
    return answer.join().getAdmin().getJournalBytes();
  }

  @Test
  void whatIsReadPieceByPieceIsTheFile() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int pieces = 0;
    for (long next = 0; next < 50; pieces++) {
      JournalBytes bytes = read(next, 500);
      assertThat(bytes.getStartOffset()).isEqualTo(next);
      assertThat(bytes.getFirstOffset()).isZero();
      assertThat(bytes.getNextOffset()).isEqualTo(50);
      bytes.getBytes().writeTo(all);
      // One event a batch here.
      next += countBatches(bytes.getBytes().toByteArray());
    }
    assertThat(pieces).isGreaterThan(5);
    try (var files = Files.list(directory)) {
      Path file = files.filter(each -> each.toString().endsWith(".log")).findFirst().orElseThrow();
      assertThat(all.toByteArray()).isEqualTo(Files.readAllBytes(file));
    }
  }

  private static int countBatches(byte[] bytes) {
    java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(bytes);
    int count = 0;
    for (int at = 0; at < bytes.length; at += 12 + buffer.getInt(at + 8)) {
      count++;
    }
    return count;
  }

  @Test
  void oneBatchComesHoweverLittleIsWanted() {
    assertThat(read(7, 1).getStartOffset()).isEqualTo(7);
    assertThat(read(7, 1).getBytes().isEmpty()).isFalse();
    assertThat(read(7, 0).getBytes().size()).isGreaterThan(read(7, 1).getBytes().size());
  }

  @Test
  void theRangeAloneNeedsNoFile() {
    JournalBytes range = ask(-1, 0, 5_000).join().getAdmin().getJournalBytes();
    assertThat(range.getNextOffset()).isEqualTo(50);
    assertThat(range.getBytes().isEmpty()).isTrue();
    assertThat(handed).isEmpty();
  }

  @Test
  void waitsForTheNextEvent() throws Exception {
    CompletableFuture<MasterResponse> answer = ask(50, 0, 30_000);
    assertThat(handed).isEmpty();
    append();
    handed.remove().run();
    assertThat(answer.get(1, TimeUnit.SECONDS).getAdmin().getJournalBytes().getStartOffset())
        .isEqualTo(50);
    JournalBytes end = read(51, 0);
    assertThat(end.getBytes().isEmpty()).isTrue();
    assertThat(end.getStartOffset()).isEqualTo(51);
  }

  @Test
  void whatIsNotThereAndAFullQueueAreSaid() {
    CompletableFuture<MasterResponse> past = ask(51, 0, 1_000);
    handed.remove().run();
    assertThat(past.join().getCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    CompletableFuture<MasterResponse> below = ask(-2, 0, 0);
    handed.remove().run();
    assertThat(below.join().getMessage()).contains("the journal holds 0 to 50");
    List<MasterResponse> answers = new ArrayList<>();
    new JournalReads(
            () -> log,
            task -> {
              throw new RejectedExecutionException();
            })
        .read(ReadJournal.getDefaultInstance(), answers::add);
    assertThat(answers.get(0).getCode()).isEqualTo(ErrorCode.BUSY);
  }
}
