/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.members;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What consensus knows of the group and does with it. Thread-safe; nothing blocks. */
public interface MemberControl {
  /** The members, as this master knows them. */
  Membership membership();

  /** Node id of the leader, where one is known. */
  Optional<String> leaderId();

  /** Whether this master leads, claimed or not. */
  boolean leads();

  /** On the leader: how long each other member has not answered. Empty elsewhere. */
  Map<String, Duration> silence();

  /** Whether it leads, or has heard of its leader within the shortest election timeout. */
  boolean hearsLeader();

  /**
   * Makes these the members; a new one gets all entries first.
   *
   * @param expected the change is refused where the members are others by now
   * @return completes when the change is committed; exceptionally with a {@code CurvineException}
   *     where it was not, or may not have been
   */
  CompletableFuture<Void> change(Membership expected, List<Member> wanted);

  /**
   * Makes another voting member lead.
   *
   * @return completes when it leads; exceptionally with a {@code CurvineException} where it does
   *     not
   */
  CompletableFuture<Void> transfer(String id);
}
