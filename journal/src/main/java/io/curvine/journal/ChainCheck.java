/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import org.apache.kafka.common.record.internal.RecordBatch;

/** Follows the chain of events through a segment that is opened. Not thread-safe. */
final class ChainCheck implements Segment.BatchCheck {
  private ChainHash chain;

  /** Begins with the hash before the segment, {@link ChainHash#EMPTY} where it is not known. */
  ChainCheck(ChainHash before) {
    this.chain = before;
  }

  @Override
  public void check(Segment segment, RecordBatch batch) throws CurvineException {
    ChainHash before = EventBatches.chainBefore(batch);
    boolean known = segment.sizeBytes() > 0 || !chain.equals(ChainHash.EMPTY);
    if (known && !before.equals(chain)) {
      throw new CurvineException(
          ErrorCode.CORRUPT,
          segment.file() + " breaks the chain of events at offset " + batch.baseOffset());
    }
    chain = EventBatches.chainAfter(before, batch);
  }

  /** The hash after what was seen. */
  ChainHash chain() {
    return chain;
  }
}
