/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

/** What groups may take of a master. */
public final class GroupLimits {
  public static final int GROUPS_MAX = 10_000;

  /** In one group, with those that have been given an id and have not joined. */
  public static final int MEMBERS_MAX = 1_000;

  /** What a member says of itself under all its protocols together. */
  public static final int SUBSCRIPTION_MAX_BYTES = 256 << 10;

  /** A group with its members as it is journaled; one command is at most 8 MiB. */
  public static final int GROUP_MAX_BYTES = 4 << 20;

  /** Of the ids of instances, clients, and the names of protocols. */
  public static final int TEXT_MAX_CHARS = 255;

  /** A consumer's own words beside a committed offset; Kafka has the same. */
  public static final int OFFSET_METADATA_MAX_BYTES = 4_096;

  public static final int SESSION_TIMEOUT_MIN_MS = 1_000;

  /** Kafka has the same. */
  public static final int SESSION_TIMEOUT_MAX_MS = 30 * 60_000;

  /** A member that says no timeout for rebalances has its session's; none has more than this. */
  public static final int REBALANCE_TIMEOUT_MAX_MS = 60 * 60_000;

  /** A group that was empty waits so long for more members, so that a start is one rebalance. */
  public static final int INITIAL_REBALANCE_DELAY_MS = 100;

  private GroupLimits() {}
}
