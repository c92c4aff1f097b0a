/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

/** Single numbers of the state, in {@link ColumnFamily#META}. Their keys are for ever. */
public enum Counter {
  /** Of the event that comes next. */
  NEXT_OFFSET("next_offset"),
  /** Of the newest leadership; 0 before the first. */
  EPOCH("epoch"),
  /** Time of the newest event. */
  LAST_TIME_NANOS("last_time_nanos"),
  /** Highest inode number ever given. */
  LAST_INODE("last_inode"),
  LAST_SESSION("last_session"),
  LAST_MOUNT("last_mount"),
  LAST_WORKER("last_worker"),
  LAST_JOB("last_job"),
  INODE_COUNT("inode_count"),
  JOB_COUNT("job_count"),
  FAILED_JOB_COUNT("failed_job_count"),
  /** Grows with each change of the mount table. */
  MOUNTS_VERSION("mounts_version"),
  /** Order of the oldest detached directory that is still to be reaped. */
  REAP_FIRST("reap_first"),
  /** Order of the next one. */
  REAP_NEXT("reap_next"),
  /** Next offset after the newest event that set counters to what was counted; 0: none did. */
  COUNTERS_REPAIRED("counters_repaired"),
  QUOTA_COUNT("quota_count"),
  POLICY_COUNT("policy_count"),
  /** Term and index of the newest Raft entry whose effect the state has. */
  APPLIED_TERM("applied_term"),
  APPLIED_INDEX("applied_index");

  @SuppressWarnings("ImmutableEnumChecker") // Nobody changes a key's bytes.
  private final Key key;

  Counter(String storedName) {
    this.key = Keys.of(storedName);
  }

  public Key key() {
    return key;
  }
}
