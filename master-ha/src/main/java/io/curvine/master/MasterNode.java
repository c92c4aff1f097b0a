/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import com.google.protobuf.ByteString;
import io.curvine.journal.mirror.MirrorConfig;
import io.curvine.journal.mirror.MirrorProgress;
import io.curvine.master.members.RemovedException;
import io.curvine.master.raft.RaftNode;
import io.curvine.master.snapshot.LiveState;
import io.curvine.protocol.proto.NotifyUfs;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running master: recovers its state, takes part in Raft, serves its ports. It ends itself when
 * it cannot go on, so that a supervisor starts it anew. Thread-safe.
 */
public final class MasterNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MasterNode.class);

  private final MasterConfig config;
  private final Closer closer = new Closer();
  private final CompletableFuture<Void> terminated = new CompletableFuture<>();
  private final MasterParts parts;
  private volatile boolean closing;

  private MasterNode(MasterConfig config, MirrorConfig mirror, MeterRegistry meters)
      throws IOException {
    this.config = config;
    try {
      this.parts = new MasterParts(config, mirror, meters, closer, this::fail);
      parts.start();
    } catch (IOException | RuntimeException e) {
      closing = true;
      closer.close();
      throw e;
    }
  }

  /**
   * Starts a master; it serves when this returns, and is {@link #ready} once it follows a leader.
   *
   * @throws IOException where the data directory cannot be used or a port cannot be bound
   */
  public static MasterNode start(MasterConfig config, MeterRegistry meters) throws IOException {
    return start(config, MirrorConfig.off(), meters);
  }

  /**
   * As {@link #start(MasterConfig, MeterRegistry)}, and it copies its feed while it leads.
   *
   * @throws IOException also where the mirror's properties file cannot be used
   */
  public static MasterNode start(MasterConfig config, MirrorConfig mirror, MeterRegistry meters)
      throws IOException {
    MasterNode node = new MasterNode(config, mirror, meters);
    LOG.info("master {} serves at {}", config.id(), config.self().rpc());
    return node;
  }

  /** Whether it knows a leader and has applied what that leader has committed, or nearly so. */
  public boolean ready() {
    return notReadyReason().isEmpty();
  }

  /** Why it is not {@link #ready}; empty where it is. */
  public String notReadyReason() {
    if (closing || terminated.isDone()) {
      return "it is closing";
    }
    RaftNode raft = parts.raft();
    Optional<String> leader = raft.leaderId();
    if (leader.isEmpty()) {
      boolean waits = raft.members().membership().voters().isEmpty();
      return waits ? "it waits to be added to a cluster" : "no leader is known";
    }
    if (parts.replica().live().applier().clusterId().isEmpty()) {
      return "the cluster's state has not come";
    }
    // A listener never votes, on probation or not.
    if (parts.probation().active() && !raft.role().equals("listener")) {
      return "it does not vote before it has all that the cluster has";
    }
    if (leader.get().equals(config.id()) && !leading()) {
      return "the leadership is being claimed";
    }
    long behind = parts.behind();
    return behind > MasterParts.BEHIND_MAX_ENTRIES ? behind + " entries are not applied yet" : "";
  }

  /** Whether it leads. */
  public boolean leading() {
    return parts.view().leading();
  }

  /**
   * Writes every entry of the namespace as lines of JSON, with the offset at which this holds: what
   * a consumer of the feed begins with that has lost its place. Takes long where there are many.
   *
   * @throws IOException where the reader is gone, or this master's state was replaced meanwhile
   */
  public void writeNamespace(OutputStream out) throws IOException {
    LiveState live = parts.replica().live();
    NamespaceDump.write(live.store(), live.applier().clusterId(), out);
  }

  /**
   * A store tells of changes in a mounted location; the leader looks at what it points to.
   *
   * @param path of the mount
   * @param token that the mount's option {@code webhook.token} has
   * @param body as the store sent it
   * @param max to wait for the leader, where that is another master
   * @return completes when it has had its effect; else the store has to send it again, but for
   *     PERMISSION_DENIED and INVALID_ARGUMENT
   */
  public CompletableFuture<Void> notifyUfs(
      String path, String token, ByteString body, Duration max) {
    return parts.notifyUfs(
        NotifyUfs.newBuilder().setPath(path).setToken(token).setBody(body).build(), max);
  }

  /** How far the copies of its feed are, a topic each; empty where it makes none. */
  public List<MirrorProgress> mirrorProgress() {
    return parts.mirror().progress();
  }

  /** What it was started with. */
  public MasterConfig config() {
    return config;
  }

  /** Completes when it has ended; exceptionally where it had to. */
  public CompletableFuture<Void> terminated() {
    return terminated.copy();
  }

  private void fail(Throwable cause) {
    if (closing || !terminated.completeExceptionally(cause)) {
      return;
    }
    if (cause instanceof RemovedException) {
      LOG.info("master {} ends: {}", config.id(), cause.getMessage());
    } else {
      LOG.error("master {} cannot go on and ends", config.id(), cause);
    }
    Thread thread = new Thread(this::close, "close-after-failure");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    closing = true;
    closer.close();
    if (terminated.complete(null)) {
      LOG.info("master {} has ended", config.id());
    }
  }
}
