/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.members;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Pong;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows who the members are, and finds out whether this master is one no more. Raft stops sending
 * to a member that it removes before it has told it so, and a listener would wait for ever; so one
 * that hears of no leader asks around. Ticked by one timer.
 */
public final class MemberWatch {
  private static final Logger LOG = LoggerFactory.getLogger(MemberWatch.class);

  private final String self;
  private final MemberControl control;
  private final Pings pings;
  private final Collection<HostPort> configured;
  private final Partners partners;
  private long seenIndex = Long.MIN_VALUE;
  private boolean seenSettled;

  /**
   * Whom it tells.
   *
   * @param clusterId of this master; empty where it has none yet
   * @param changed other members, or settled now; on the timer
   * @param removed this master is none of them any more; any thread
   */
  public record Partners(
      Supplier<String> clusterId, Consumer<Membership> changed, Runnable removed) {}

  /**
   * @param configured RPC addresses where the group may be found, beside those of its members
   */
  public MemberWatch(
      String self,
      MemberControl control,
      Pings pings,
      Collection<HostPort> configured,
      Partners partners) {
    this.self = self;
    this.control = control;
    this.pings = pings;
    this.configured = List.copyOf(configured);
    this.partners = partners;
  }

  /** Called every second or so. */
  public void tick() {
    Membership now = control.membership();
    if (now.index() != seenIndex || now.settled() != seenSettled) {
      seenIndex = now.index();
      seenSettled = now.settled();
      LOG.info(
          "the masters are {} by Raft index {}{}",
          now.names(),
          now.index(),
          now.settled() ? "" : ", not settled yet");
      partners.changed.accept(now);
    }
    if (!control.hearsLeader()) {
      removed()
          .thenAccept(
              removed -> {
                if (removed) {
                  partners.removed.run();
                }
              });
    }
  }

  /** Whether a leader says that this master, which was a member, is none. Never fails. */
  public CompletableFuture<Boolean> removed() {
    Membership known = control.membership();
    if (known.index() < 0) {
      return CompletableFuture.completedFuture(false); // not a member yet
    }
    Set<HostPort> others = new LinkedHashSet<>(configured);
    for (Member member : known.members()) {
      others.add(member.peer().rpc());
    }
    return pings
        .ask(others)
        .thenApply(pongs -> pongs.stream().anyMatch(pong -> excludes(pong, known)));
  }

  private boolean excludes(Pong pong, Membership known) {
    return pong.getRole().equals("leader")
        && pong.getClusterId().equals(partners.clusterId.get())
        && pong.getGroup().getSettled()
        && pong.getGroup().getIndex() > known.index()
        && pong.getGroup().getMembersList().stream()
            .noneMatch(member -> member.getAddress().getId().equals(self));
  }
}
