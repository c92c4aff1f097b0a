/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.journal.JournalLog;
import io.curvine.master.snapshot.LiveState;
import io.curvine.master.state.view.StateView;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops what the journal need not have any more, but for those who have a floor. Not thread-safe.
 */
final class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  private final long floorMaxBytes;
  private final BooleanSupplier diskLow;
  private boolean held;

  /**
   * @param floorMaxBytes so much of the journal is kept for floors at most; 0: no limit
   * @param diskLow whether the cluster needs the space more than those who have not read
   */
  Retention(long floorMaxBytes, BooleanSupplier diskLow) {
    this.floorMaxBytes = floorMaxBytes == 0 ? Long.MAX_VALUE : floorMaxBytes;
    this.diskLow = diskLow;
  }

  void apply(LiveState live) throws IOException {
    JournalLog journal = live.journal();
    long lowest = live.store().read((StateView view) -> view.floors().lowest());
    long startBefore = journal.startOffset();
    boolean holds =
        journal.applyRetention(
            diskLow.getAsBoolean()
                ? JournalLog.Floor.NONE
                : new JournalLog.Floor(lowest, floorMaxBytes));
    if (holds && !held) {
      LOG.info(
          "the journal is kept from offset {} on for a floor of the feed, beyond its retention;"
              + " 'curvine-admin feed floor' shows which",
          lowest);
    }
    held = holds;
    if (journal.startOffset() > lowest && startBefore <= lowest) {
      LOG.warn(
          "the journal begins at offset {} now: events from {} on that a floor of the feed kept are"
              + " gone, because {}",
          journal.startOffset(),
          lowest,
          diskLow.getAsBoolean()
              ? "the disk is nearly full"
              : "they were more than master.journal-floor-max");
    }
  }
}
