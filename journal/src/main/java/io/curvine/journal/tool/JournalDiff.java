/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import io.curvine.journal.ChainHash;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.util.Optional;

/**
 * Finds the first event at which two journals differ. The chain's hash at an offset stands for all
 * events before it, so a binary search over what both hold reads some twenty batches of each,
 * however long they are. It believes the hashes that the batches carry; {@link JournalVerify}
 * checks them. Stateless.
 */
public final class JournalDiff {
  /** How two journals stand to each other. */
  public enum Outcome {
    /** The same events, as far as both go. */
    EQUAL,
    /** Another event at an offset. */
    DIFFERENT,
    /** They differ before the oldest event that both still have. */
    DIFFERENT_BEFORE,
    /** No offset is in both. */
    APART
  }

  /**
   * What was found.
   *
   * @param offset of the first event that differs, or up to which all is equal, or of the oldest
   *     that both have
   * @param inA that event; empty unless they are different
   */
  public record Result(
      Outcome outcome,
      long offset,
      JournalSource.Range a,
      JournalSource.Range b,
      Optional<LoggedEvent> inA,
      Optional<LoggedEvent> inB) {}

  private JournalDiff() {}

  /**
   * Compares what both hold now.
   *
   * @throws IOException where a source cannot be read
   * @throws CurvineException CORRUPT where a batch that had to be read is damaged
   */
  public static Result compare(JournalSource a, JournalSource b) throws IOException {
    JournalSource.Range inA = a.range();
    JournalSource.Range inB = b.range();
    long low = Math.max(inA.first(), inB.first());
    long high = Math.min(inA.next(), inB.next());
    if (low > high || inA.first() == inA.next() || inB.first() == inB.next()) {
      return result(Outcome.APART, low, inA, inB);
    }
    if (sameBefore(high, a, inA, b, inB)) {
      return result(Outcome.EQUAL, high, inA, inB);
    }
    if (!sameBefore(low, a, inA, b, inB)) {
      return result(Outcome.DIFFERENT_BEFORE, low, inA, inB);
    }
    // The events before low are the same, those before high are not.
    while (high - low > 1) {
      long middle = (low + high) >>> 1;
      if (sameBefore(middle, a, inA, b, inB)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return new Result(
        Outcome.DIFFERENT, low, inA, inB, Optional.of(event(a, low)), Optional.of(event(b, low)));
  }

  private static Result result(
      Outcome outcome, long offset, JournalSource.Range a, JournalSource.Range b) {
    return new Result(outcome, offset, a, b, Optional.empty(), Optional.empty());
  }

  private static boolean sameBefore(
      long offset,
      JournalSource a,
      JournalSource.Range inA,
      JournalSource b,
      JournalSource.Range inB)
      throws IOException {
    return chainBefore(offset, a, inA).equals(chainBefore(offset, b, inB));
  }

  private static ChainHash chainBefore(long offset, JournalSource source, JournalSource.Range range)
      throws IOException {
    return batch(source, offset < range.next() ? offset : offset - 1).chainBefore(offset);
  }

  private static LoggedEvent event(JournalSource source, long offset) throws IOException {
    return batch(source, offset).events().stream()
        .filter(event -> event.offset() == offset)
        .findFirst()
        .orElseThrow(() -> gone(source, offset));
  }

  private static RawBatch batch(JournalSource source, long offset) throws IOException {
    try (JournalSource.BatchReader reader = source.read(offset)) {
      RawBatch batch = reader.next().orElseThrow(() -> gone(source, offset));
      if (batch.baseOffset() > offset) {
        throw gone(source, offset);
      }
      if (!batch.checksumFits()) {
        throw new CurvineException(
            ErrorCode.CORRUPT,
            batch.where()
                + ": its checksum does not fit; 'curvine-admin journal verify' tells more");
      }
      return batch;
    }
  }

  private static CurvineException gone(JournalSource source, long offset) {
    return new CurvineException(
        ErrorCode.CORRUPT,
        source.name()
            + " has no event of offset "
            + offset
            + "; 'curvine-admin journal verify' tells more");
  }
}
