/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol;

/** Every limit that more than one module holds, in one place, its unit last. */
public final class Limits {
  /** POSIX NAME_MAX. */
  public static final int NAME_MAX_BYTES = 255;

  /** POSIX PATH_MAX less the NUL. */
  public static final int PATH_MAX_BYTES = 4095;

  public static final int SYMLINK_TARGET_MAX_BYTES = 4095;

  /** Symbolic links followed while one path is resolved; Linux has the same. */
  public static final int SYMLINK_FOLLOW_MAX = 40;

  public static final int XATTR_NAME_MAX_BYTES = 255;

  public static final int XATTR_VALUE_MAX_BYTES = 64 * 1024;

  public static final int LINK_MAX = 65_000;

  /** Findings that one command mends; all of them are looked at again while commands wait. */
  public static final int REPAIR_MAX_FINDINGS = 500;

  /** The unit of filling and of checksum inside a block. */
  public static final int PAGE_SIZE_BYTES = 1 << 20;

  public static final int BLOCK_SIZE_MIN_BYTES = 1 << 20;

  public static final int BLOCK_SIZE_MAX_BYTES = 1 << 30;

  public static final int BLOCK_SIZE_DEFAULT_BYTES = 64 << 20;

  public static final int REPLICAS_MAX = 16;

  /** Of a file where nobody says: one worker may be lost. */
  public static final int REPLICAS_DEFAULT = 2;

  /** Entries in one page of a listing. */
  public static final int LIST_PAGE_MAX_ENTRIES = 10_000;

  public static final int LIST_PAGE_DEFAULT_ENTRIES = 1_000;

  /**
   * How far a session's newest command may be ahead of its oldest whose result has not arrived: so
   * many results are kept for retries.
   */
  public static final int SESSION_WINDOW_MAX_COMMANDS = 4_096;

  /** Of a consumer group, and of a topic that it commits offsets of. */
  public static final int GROUP_NAME_MAX_CHARS = 255;

  /** Partitions in one commit of a consumer group, or in one removal of its offsets. */
  public static final int GROUP_COMMIT_MAX_OFFSETS = 1_000;

  /** Floors of the feed, all together. */
  public static final int FEED_FLOORS_MAX = 100;

  /** Directories with a quota. */
  public static final int QUOTAS_MAX = 10_000;

  /**
   * Of a tree that a quota is set on, or that is deleted below one, so many entries are counted at
   * once; a larger one is counted in the background, or as it is reaped.
   */
  public static final int QUOTA_COUNTED_AT_ONCE_MAX_ENTRIES = 10_000;

  /** A larger tree is not moved from below one quota to another: others would wait. */
  public static final int QUOTA_MOVED_MAX_ENTRIES = 100_000;

  /** Of one mount; more are one mark for all of it. */
  public static final int DIRTY_SUBTREES_MAX = 1_000;

  /** How long the place of a change source may be. */
  public static final int SOURCE_CURSOR_MAX_CHARACTERS = 4_096;

  /** Commands in one request. */
  public static final int BATCH_MAX_COMMANDS = 1_000;

  /**
   * What the entries of one page of a listing may take; the page ends with the one that goes past
   * it.
   */
  public static final int LIST_PAGE_MAX_BYTES = 4 << 20;

  /** Entries asked for in one query. */
  public static final int BATCH_GET_MAX_ENTRIES = 1_000;

  /** The most that a reader may allow its answers to be behind. */
  public static final int STALENESS_MAX_MS = 3_600_000;

  /** One frame on the masters' RPC port. */
  public static final int RPC_FRAME_MAX_BYTES = 32 << 20;

  /** Calls of one connection to a master that wait for an answer; more are not read meanwhile. */
  public static final int RPC_CONNECTION_OPEN_MAX_CALLS = 8_192;

  /** Payload of one frame of the data protocol. */
  public static final int BLOCK_FRAME_PAYLOAD_MAX_BYTES = 8 << 20;

  /** Ranges of one READ_RANGES. A connection carries out as many requests at a time. */
  public static final int READ_RANGES_MAX = 128;

  /** Entries that have a policy of their own; each lies in the masters' memory. */
  public static final int POLICIES_MAX = 100_000;

  private Limits() {}
}
