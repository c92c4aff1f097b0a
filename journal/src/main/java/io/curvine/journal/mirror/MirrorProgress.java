/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * How far the copy of a topic is. Immutable.
 *
 * @param topic of the feed
 * @param copy its name in the other cluster
 * @param nextOffset all below it is in the copy for good; empty before the copy was asked
 * @param lagEvents offsets of the journal that the copy has not reached; empty before it was asked
 * @param lag age of the oldest event that the copy lacks; zero where it lacks none
 * @param skipped offsets that were lost to the copy since this master leads
 * @param detail for people, why it does not go on; empty where it does
 */
public record MirrorProgress(
    String topic,
    String copy,
    State state,
    OptionalLong nextOffset,
    OptionalLong lagEvents,
    Duration lag,
    long skipped,
    String detail) {

  /** What a copy is at. */
  public enum State {
    /** Another master leads and copies. */
    STANDBY,
    /** It looks where the copy ends. */
    STARTING,
    /** Events are copied as they come. */
    COPYING,
    /** Something failed; it is tried again and again. */
    FAILING,
    /** The journal no longer has what the copy lacks; somebody has to decide. */
    GAP,
    /** The topic there is no copy of this cluster's; somebody has to decide. */
    REFUSED;

    /** As it is shown. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
