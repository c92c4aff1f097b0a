/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import io.curvine.journal.RecordBatchLayout;

/**
 * What the first bytes of a batch say about it. Immutable.
 *
 * @param sizeBytes of the whole batch, as its header says; 0 where it says nothing
 * @param problem for people; empty where the form is whole
 */
record Frame(Form form, int sizeBytes, String problem) {
  /** An event is at most as large as a Raft entry, and ends its batch. */
  static final int BATCH_MAX_BYTES = 32 << 20;

  private static final byte MAGIC = 2;

  enum Form {
    /** All of it is there. */
    WHOLE,
    /** Some of it is not there, if the header is right. */
    SHORT,
    /** No batch begins so. */
    NONE
  }

  /**
   * Looks at a header.
   *
   * @param present bytes of the array from there on, at least those of a header where there are
   * @param available bytes of the file from there on
   */
  static Frame of(byte[] array, int at, int present, long available) {
    if (available < RecordBatchLayout.HEADER_BYTES || present < RecordBatchLayout.HEADER_BYTES) {
      return new Frame(Form.SHORT, 0, "only " + available + " bytes of a batch are there");
    }
    long size =
        (long) Bytes.int32(array, at + RecordBatchLayout.LENGTH_AT)
            + RecordBatchLayout.LOG_OVERHEAD_BYTES;
    if (array[at + RecordBatchLayout.MAGIC_AT] != MAGIC) {
      return none("its format is " + array[at + RecordBatchLayout.MAGIC_AT] + ", not " + MAGIC);
    }
    if (size <= RecordBatchLayout.HEADER_BYTES || size > BATCH_MAX_BYTES) {
      return none("its length is " + size + " bytes; allowed: 62 to " + BATCH_MAX_BYTES);
    }
    if (size > available) {
      return new Frame(
          Form.SHORT, (int) size, "only " + available + " of its " + size + " bytes are there");
    }
    return new Frame(Form.WHOLE, (int) size, "");
  }

  private static Frame none(String problem) {
    return new Frame(Form.NONE, 0, "no batch begins here: " + problem);
  }
}
