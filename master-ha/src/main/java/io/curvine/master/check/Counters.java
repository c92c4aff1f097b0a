/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.check;

import com.google.protobuf.ByteString;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.StateFinding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Which counters follow from which rows. Stateless. */
final class Counters {
  /**
   * A counter of a family's rows.
   *
   * @param largest it is no less than their largest number, where else it is how many there are
   */
  record Rule(ColumnFamily<?> family, Counter counter, boolean largest) {}

  /**
   * What a family was seen to have.
   *
   * @param largest number that a key begins with
   */
  record Tally(long rows, long largest) {}

  static final List<Rule> RULES =
      List.of(
          new Rule(ColumnFamily.INODES, Counter.INODE_COUNT, false),
          new Rule(ColumnFamily.INODES, Counter.LAST_INODE, true),
          new Rule(ColumnFamily.QUOTAS, Counter.QUOTA_COUNT, false),
          new Rule(ColumnFamily.POLICIES, Counter.POLICY_COUNT, false),
          new Rule(ColumnFamily.SESSIONS, Counter.LAST_SESSION, true),
          new Rule(ColumnFamily.MOUNTS, Counter.LAST_MOUNT, true),
          new Rule(ColumnFamily.WORKERS, Counter.LAST_WORKER, true),
          new Rule(ColumnFamily.JOBS, Counter.JOB_COUNT, false),
          new Rule(ColumnFamily.JOBS, Counter.LAST_JOB, true),
          new Rule(ColumnFamily.FAILED_JOBS, Counter.FAILED_JOB_COUNT, false),
          new Rule(ColumnFamily.FAILED_JOBS, Counter.LAST_JOB, true),
          new Rule(ColumnFamily.TREE_JOBS, Counter.LAST_JOB, true));

  private Counters() {}

  /** Whether the counter agrees with what was seen. */
  static Optional<StateFinding> check(Rule rule, Tally tally, Rows rows) {
    long stored = rows.view().meta().get(rule.counter);
    long expected = rule.largest ? Math.max(stored, tally.largest) : tally.rows;
    if (stored == expected) {
      return Optional.empty();
    }
    return Optional.of(
        Findings.of(
                FindingKind.WRONG_COUNTER,
                ColumnFamily.META,
                rule.counter.key(),
                0,
                "counter "
                    + name(rule.counter)
                    + " is "
                    + stored
                    + ", and "
                    + rule.family
                    + (rule.largest ? " go up to " : " are ")
                    + expected,
                "it is " + expected)
            .setStored(stored)
            .setExpected(expected)
            .build());
  }

  static String name(Counter counter) {
    return new String(counter.key().bytes(), StandardCharsets.UTF_8);
  }

  /** Whether a finding is about the largest number that was given so far. */
  static boolean isOfLastNumber(StateFinding finding) {
    return finding.getKind() == FindingKind.WRONG_COUNTER
        && rule(finding).map(Rule::largest).orElse(false);
  }

  /** The counter of a finding; empty where it is about none that rows say. */
  static Optional<Rule> rule(StateFinding finding) {
    return RULES.stream()
        .filter(rule -> finding.getKey().equals(ByteString.copyFrom(rule.counter.key().bytes())))
        .findFirst();
  }
}
