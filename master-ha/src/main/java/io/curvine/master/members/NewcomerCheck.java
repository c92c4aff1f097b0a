/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.members;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Pong;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Whether a master that is to be a member, or to vote, is what it should be. A wrong address would
 * otherwise show as a new master that never catches up. Thread-safe.
 */
public final class NewcomerCheck {
  private static final long BEHIND_MAX_EVENTS = 10_000;

  private final Pings pings;
  private final Supplier<Pong> own;

  /**
   * @param own what this master says of itself
   */
  public NewcomerCheck(Pings pings, Supplier<Pong> own) {
    this.pings = pings;
    this.own = own;
  }

  /** Completes where all are right; exceptionally with a {@link CurvineException} where not. */
  CompletableFuture<Void> check(Membership now, MemberPlan plan) {
    List<CompletableFuture<Void>> checks = new ArrayList<>();
    for (Member member : plan.wanted()) {
      Optional<Member> before = now.find(member.id());
      boolean promoted = before.isPresent() && before.get().listener() && !member.listener();
      if (before.isEmpty() || promoted) {
        checks.add(
            pings.ask(member.peer().rpc()).thenAccept(pong -> require(member, pong, promoted)));
      }
    }
    return CompletableFuture.allOf(checks.toArray(CompletableFuture<?>[]::new));
  }

  private void require(Member member, Optional<Pong> answer, boolean promoted) {
    String at = "at " + member.peer().rpc();
    if (answer.isEmpty()) {
      throw refused(
          ErrorCode.NOT_READY,
          "no master answers " + at + "; first start " + member.id() + " there with --join");
    }
    Pong pong = answer.get();
    Pong mine = own.get();
    if (!pong.getNodeId().equals(member.id())) {
      throw refused(
          ErrorCode.INVALID_ARGUMENT,
          "the master " + at + " is " + pong.getNodeId() + ", not " + member.id());
    }
    boolean foreign =
        !pong.getClusterId().isEmpty() && !pong.getClusterId().equals(mine.getClusterId());
    if (foreign || !pong.getClusterName().equals(mine.getClusterName())) {
      throw refused(
          ErrorCode.INVALID_ARGUMENT,
          "the master "
              + at
              + " belongs to another cluster, '"
              + pong.getClusterName()
              + "'; allowed: one with an empty data_dir and the cluster_name '"
              + mine.getClusterName()
              + "'");
    }
    long behind = mine.getAppliedOffset() - pong.getAppliedOffset();
    if (promoted && behind > BEHIND_MAX_EVENTS) {
      throw refused(
          ErrorCode.NOT_READY,
          "master "
              + member.id()
              + " is "
              + behind
              + " events behind; allowed: to let it vote when it is less than "
              + BEHIND_MAX_EVENTS);
    }
  }

  private static CompletionException refused(ErrorCode code, String message) {
    return new CompletionException(new CurvineException(code, message));
  }
}
