/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.journal.StoredEvent;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Measures how fast a journal is verified: {@code VerifySpeed DIRECTORY GIB THREADS}. */
public final class VerifySpeed {
  private static final int BATCH_EVENTS = 31;
  private static final int ROUNDS = 4;

  private VerifySpeed() {}

  /** Writes the journal where it is not there yet, and verifies it some times. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    double wantedBytes = Double.parseDouble(arguments[1]) * (1L << 30);
    int threads = Integer.parseInt(arguments[2]);
    if (!Files.exists(directory)) {
      write(directory, wantedBytes);
    }
    for (int round = 0; round < ROUNDS; round++) {
      long began = System.nanoTime();
      JournalVerify.Report report = JournalVerify.directory(directory, false, threads);
      double seconds = (System.nanoTime() - began) / 1e9;
      System.out.printf(
          "%d threads: %d events, %d bytes, %d findings in %.2f s: %.0f MB/s%n",
          threads,
          report.events(),
          report.bytes(),
          report.findings().size(),
          seconds,
          report.bytes() / seconds / 1e6);
    }
  }

  private static void write(Path directory, double bytes) throws IOException {
    Random random = new Random(1);
    try (JournalLog log = JournalLog.open(directory, JournalConfig.defaults())) {
      while (log.sizeBytes() < bytes) {
        long from = log.nextOffset();
        List<Event> events =
            java.util.stream.LongStream.range(from, from + BATCH_EVENTS)
                .mapToObj(number -> TestJournal.event(number, random))
                .toList();
        log.append(from, StoredEvent.all(events));
      }
    }
  }
}
