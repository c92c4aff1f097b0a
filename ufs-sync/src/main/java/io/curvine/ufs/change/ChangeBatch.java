/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.change;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a source gave in one go.
 *
 * @param hints in the order of the source; at most {@value #HINTS_MAX}
 * @param cursor where the source goes on after a restart once these hints have had their effect;
 *     the same as before where nothing was read. At most {@value #CURSOR_MAX_CHARACTERS} characters
 * @param newestMillis since the epoch, when the newest of the changes happened by the source's
 *     clock; 0: it does not say, or there was none
 * @param behind changes that are known to wait at the source; empty: not known
 * @param gap why changes may have been missed before the end of this batch; empty: none were
 */
public record ChangeBatch(
    List<ChangeHint> hints, String cursor, long newestMillis, OptionalLong behind, String gap) {
  /** More are given in the next batch. */
  public static final int HINTS_MAX = 1_000;

  /** A longer cursor is refused by the masters. */
  public static final int CURSOR_MAX_CHARACTERS = 4_096;

  public ChangeBatch {
    hints = List.copyOf(hints);
  }

  /** Nothing came. */
  public static ChangeBatch nothing(String cursor) {
    return new ChangeBatch(List.of(), cursor, 0, OptionalLong.empty(), "");
  }
}
