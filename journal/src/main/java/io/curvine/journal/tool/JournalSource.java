/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import java.io.IOException;
import java.util.Optional;

/**
 * Where batches of a journal come from, in order: files ({@link FileSource}), or a master that
 * runs. Reading changes nothing. Not thread-safe.
 */
public interface JournalSource extends AutoCloseable {
  /** For people: a path, or a master. */
  String name();

  /**
   * What is there now.
   *
   * @throws IOException where that cannot be read
   */
  Range range() throws IOException;

  /**
   * Batches from the one on that holds an offset.
   *
   * @throws io.curvine.protocol.CurvineException OFFSET_OUT_OF_RANGE where the source begins after
   *     the offset
   */
  BatchReader read(long fromOffset) throws IOException;

  @Override
  void close() throws IOException;

  /**
   * Offsets.
   *
   * @param first of the oldest event; equals {@code next} where there is none
   * @param next after the newest event
   */
  record Range(long first, long next) {}

  /** Gives batches in order. Not thread-safe. */
  interface BatchReader extends AutoCloseable {
    /**
     * The next batch, whose checksum need not fit; empty at the end, where more may come later.
     *
     * @throws io.curvine.protocol.CurvineException CORRUPT where there is none that can be read;
     *     the next call goes on behind what is damaged
     */
    Optional<RawBatch> next() throws IOException;

    @Override
    void close() throws IOException;
  }
}
