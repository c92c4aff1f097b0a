/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import java.nio.file.Path;

/**
 * Something wrong with a journal. Immutable.
 *
 * @param file the one that is wrong, or that is missing
 * @param position of the first batch that is wrong, or the entry; -1 where it is the file as a
 *     whole
 * @param offset of the first event concerned; -1 where it is not known
 * @param what is wrong, for people
 * @param advice what can be done
 */
public record Finding(
    Kind kind, Path file, long position, long offset, String what, String advice) {
  /** What is wrong. */
  public enum Kind {
    /** The bytes of a batch are not those that were written. */
    CHECKSUM,
    /** What is there is no batch, or not the one that should be. */
    BATCH,
    /** An event, or the chain's hash, was replaced. */
    CHAIN,
    /** Events are missing. */
    GAP,
    /** Events are there twice. */
    OVERLAP,
    /** The time of an event is before that of the event before it. */
    TIME,
    /** An index does not belong to its segment, or is damaged. */
    INDEX,
    /** A file with the chain's hash before a segment is wrong. */
    CHAIN_FILE,
    /** An event cannot be decoded. */
    EVENT,
    /** An event is of a kind that this version does not know. */
    UNKNOWN_EVENT,
    /** A file that does not belong into a journal. */
    FOREIGN_FILE,
    /** Events of another cluster. */
    OTHER_CLUSTER,
    /** The newest batch was not wholly written. */
    TORN_TAIL,
    /** A closed segment is shorter than it was. */
    TRUNCATED,
    /** The journal and the Raft log do not say the same. */
    RAFT_LOG
  }

  /** In one line. */
  @Override
  public String toString() {
    return file
        + (position < 0 ? "" : " at byte " + position)
        + (offset < 0 ? "" : ", offset " + offset)
        + ": "
        + what
        + "; "
        + advice;
  }
}
