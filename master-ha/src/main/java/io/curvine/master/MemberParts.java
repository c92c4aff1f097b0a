/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.master.members.Member;
import io.curvine.master.members.MemberAdmin;
import io.curvine.master.members.MemberControl;
import io.curvine.master.members.MemberWatch;
import io.curvine.master.members.Membership;
import io.curvine.master.members.NewcomerCheck;
import io.curvine.master.members.Pings;
import io.curvine.master.members.RemovedException;
import io.curvine.master.raft.RaftEndedException;
import io.curvine.master.rpc.NodeView;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one master does about the group that it is a member of. Thread-safe. */
final class MemberParts {
  private static final Logger LOG = LoggerFactory.getLogger(MemberParts.class);

  private final MasterConfig config;
  private final Identity identity;
  private final MemberAdmin admin;
  private final MemberWatch watch;
  private final MemberMeters meters;
  private final Consumer<Throwable> failed;

  /**
   * @param node answers pings
   * @param failed ends this master
   */
  MemberParts(
      MasterConfig config,
      Identity identity,
      MemberControl control,
      Pings pings,
      NodeView node,
      MeterRegistry registry,
      Consumer<Throwable> failed) {
    this.config = config;
    this.identity = identity;
    this.failed = failed;
    this.meters = new MemberMeters(registry);
    this.admin =
        new MemberAdmin(
            config.id(),
            control,
            pings,
            new NewcomerCheck(pings, node::pong),
            config.electionTimeoutMax().multipliedBy(2));
    this.watch =
        new MemberWatch(
            config.id(),
            control,
            pings,
            config.members().stream().map(Peer::rpc).toList(),
            new MemberWatch.Partners(
                () -> node.pong().getClusterId(), this::changed, this::removed));
  }

  MemberAdmin admin() {
    return admin;
  }

  /** Called every second or so. */
  void tick() {
    watch.tick();
  }

  private void changed(Membership now) {
    meters.set(now);
    if (now.index() < 0) {
      return; // what the configuration says is in the configuration
    }
    try {
      identity.members(now.members().stream().map(member -> member.peer().toString()).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    now.find(config.id())
        .map(Member::peer)
        .filter(known -> !known.equals(config.self()))
        .ifPresent(
            known ->
                LOG.error(
                    "the others know this master as {}, cluster_peers says {}: they cannot all reach"
                        + " it",
                    known,
                    config.self()));
  }

  private void removed() {
    try {
      identity.removed();
    } catch (IOException e) {
      LOG.warn("cannot note that this master was removed", e);
    }
    failed.accept(new RemovedException());
  }

  /** Raft ends when the others tell a member that it is none; whether that was it, they know. */
  void ended(RaftEndedException cause) {
    watch
        .removed()
        .thenAccept(
            removed -> {
              if (removed) {
                removed();
              } else {
                failed.accept(new IOException(cause.getMessage(), cause));
              }
            });
  }
}
