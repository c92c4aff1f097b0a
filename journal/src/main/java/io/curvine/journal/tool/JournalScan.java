/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import io.curvine.journal.RaftPlace;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.util.Optional;

/** Goes through the events of a source that a filter lets pass. Stateless. */
public final class JournalScan {
  private JournalScan() {}

  /** Who wants the events. */
  public interface Visitor {
    /**
     * An event.
     *
     * @return false where no more are wanted
     */
    boolean event(ScannedEvent event) throws IOException;

    /** Something cannot be read; the scan goes on behind it. */
    void problem(IOException what);
  }

  /**
   * Visits what is there when it begins.
   *
   * @return the offset after the last batch that was read: where to go on
   * @throws IOException where the source cannot be read on
   */
  public static long run(JournalSource source, JournalFilter filter, Visitor visitor)
      throws IOException {
    JournalSource.Range range = source.range();
    long from = Math.max(filter.fromOffset(), range.first());
    long expected = -1;
    try (JournalSource.BatchReader reader = source.read(from)) {
      while (true) {
        Optional<RawBatch> next;
        try {
          next = reader.next();
        } catch (CurvineException e) {
          if (e.code() != ErrorCode.CORRUPT) {
            throw e;
          }
          visitor.problem(e);
          expected = -1; // what is missing was told
          continue;
        }
        if (next.isEmpty() || filter.isAfter(next.get()) || cameLater(next.get(), range)) {
          return expected < 0 ? from : expected;
        }
        RawBatch batch = next.get();
        if (expected >= 0 && batch.baseOffset() != expected) {
          visitor.problem(
              new CurvineException(
                  ErrorCode.CORRUPT,
                  batch.where()
                      + " begins with offset "
                      + batch.baseOffset()
                      + " where "
                      + expected
                      + " should come"));
        }
        expected = batch.nextOffset();
        if (!batch(batch, filter, visitor)) {
          return expected;
        }
      }
    }
  }

  /** What is damaged at the end does not count to the range, but was there. */
  private static boolean cameLater(RawBatch batch, JournalSource.Range range) {
    return batch.baseOffset() >= range.next() && batch.checksumFits();
  }

  /**
   * Visits one batch.
   *
   * @return false where no more are wanted
   */
  public static boolean batch(RawBatch batch, JournalFilter filter, Visitor visitor)
      throws IOException {
    if (filter.isBefore(batch)) {
      return true;
    }
    boolean fits = batch.checksumFits();
    if (!fits) {
      visitor.problem(
          new CurvineException(ErrorCode.CORRUPT, batch.where() + ": its checksum does not fit"));
    }
    try {
      RaftPlace place = batch.place();
      for (LoggedEvent logged : batch.events()) {
        if (!visit(logged, place, fits, filter, visitor)) {
          return false;
        }
      }
    } catch (CurvineException e) {
      visitor.problem(new CurvineException(e.code(), batch.where() + ": " + e.getMessage()));
    }
    return true;
  }

  private static boolean visit(
      LoggedEvent logged, RaftPlace place, boolean fits, JournalFilter filter, Visitor visitor)
      throws IOException {
    Event event;
    try {
      event = logged.parse();
    } catch (CurvineException e) {
      visitor.problem(e);
      return true;
    }
    if (!filter.wants(logged.offset(), event)) {
      return true;
    }
    return visitor.event(
        new ScannedEvent(logged.offset(), event, logged.bytes().size(), place, fits));
  }
}
