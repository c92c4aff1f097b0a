/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import io.curvine.protocol.CurvineException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Files of record batches with the journal's offsets, as the feed serves them. Thread-safe. */
public interface FeedLog {
  /** The oldest offset that is kept. */
  long startOffset();

  /** The offset that the journal's next event gets. */
  long nextOffset();

  /**
   * Whole batches, the first of which holds {@code fromOffset}: at least one where there is one, at
   * most {@code maxBytes} otherwise. The caller closes the slice.
   *
   * @return of length 0 where nothing can be read there yet
   * @throws CurvineException OFFSET_OUT_OF_RANGE below the start or past the end
   */
  LogSlice sliceFor(long fromOffset, int maxBytes) throws IOException;

  /**
   * What can be read from an offset on.
   *
   * @param bytes about how many {@link #sliceFor} would give without a limit
   * @param endOffset where reading would end
   */
  record Ahead(long bytes, long endOffset) {}

  /**
   * Looks at no file.
   *
   * @throws CurvineException OFFSET_OUT_OF_RANGE below the start or past the end
   */
  Ahead aheadOf(long fromOffset) throws IOException;

  /**
   * Completes once there is something to read at {@code offset}, or may be; on any thread, so what
   * hangs on it is brief. Fails when the log is closed. A caller that no longer waits cancels it.
   */
  CompletableFuture<Void> onAppend(long offset);
}
