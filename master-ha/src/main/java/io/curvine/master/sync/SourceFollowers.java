/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import io.curvine.master.leader.PatientProposer;
import io.curvine.master.leader.Reply;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.change.ChangeSource;
import io.curvine.ufs.webhook.WebhookSource;
import io.curvine.ufs.webhook.WebhookSourceProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the leader follow each change source of each cache-mode mount, as the mount table is. Nothing
 * here waits. Thread-safe.
 */
public final class SourceFollowers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SourceFollowers.class);
  private static final long END_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final UfsRegistry registry;
  private final Supplier<QueryEngine> queries;
  private final Supplier<StateStore> state;
  private final UfsLooks looks;
  private final PatientProposer proposer;
  private final BooleanSupplier leading;
  private final Map<Key, SourceFollower> running = new HashMap<>();
  private long seenVersion = -1;
  private boolean closed;

  private record Key(int mountId, String kind) {}

  public SourceFollowers(
      UfsRegistry registry,
      Supplier<QueryEngine> queries,
      Supplier<StateStore> state,
      UfsLoader loader,
      Function<Command, CompletableFuture<Reply>> propose,
      BooleanSupplier leading) {
    this.registry = registry;
    this.queries = queries;
    this.state = state;
    this.looks = new UfsLooks(loader, state);
    this.proposer = new PatientProposer(propose);
    this.leading = leading;
  }

  /** Begins and ends followers where leadership or the mount table has changed. */
  public synchronized void tick() {
    if (closed) {
      return;
    }
    if (!leading.getAsBoolean()) {
      var unused = endAll();
      seenVersion = -1;
      return;
    }
    long version = queries.get().mountsVersion();
    if (version == seenVersion) {
      return;
    }
    Set<Key> wanted = new HashSet<>();
    for (Mount mount : queries.get().mountsWithSecrets()) {
      if (mount.getMode() == MountMode.CACHE) {
        for (String kind : mount.getSourcesList()) {
          Key key = new Key(mount.getId(), kind);
          wanted.add(key);
          follow(key, mount);
        }
      }
    }
    for (Key key : List.copyOf(running.keySet())) {
      if (!wanted.contains(key)) {
        running.remove(key).close();
      }
    }
    seenVersion = version;
  }

  private void follow(Key key, Mount mount) {
    SourceFollower now = running.get(key);
    if (now != null) {
      if (now.mount().equals(mount)) {
        return;
      }
      now.close();
    }
    running.put(
        key,
        SourceFollower.start(
            mount,
            key.kind(),
            new SourceFollower.Partners(
                cursor ->
                    registry.openSource(key.kind(), mount.getUri(), mount.getOptionsMap(), cursor),
                () -> state.get().read(view -> view.sync().source(key.mountId(), key.kind())),
                looks,
                proposer)));
  }

  /**
   * How a source stands.
   *
   * @param failure why it does not come on now; empty where it does
   * @param behind changes that wait at the source; less than 0: not known
   * @param heardNanos {@link System#nanoTime} of the last hints; 0: none yet
   */
  public record Status(String failure, long behind, long heardNanos) {}

  /** How a source stands; empty where it is not followed here. */
  public synchronized Optional<Status> status(int mountId, String kind) {
    return Optional.ofNullable(running.get(new Key(mountId, kind))).map(SourceFollower::status);
  }

  /**
   * Hands a notification to the source of a mount that takes them over HTTP.
   *
   * @param path of the mount
   * @param token that the sender knows
   * @param body as it was sent
   * @return completes when it has had its effect; fails with PERMISSION_DENIED where the token is
   *     wrong or no mount there takes notifications, NOT_READY where the source is not open yet,
   *     and as {@link WebhookSource#offer}
   */
  public CompletableFuture<Void> push(String path, String token, byte[] body) {
    Optional<SourceFollower> follower;
    boolean current;
    synchronized (this) {
      current = !closed && seenVersion == queries.get().mountsVersion();
      follower =
          running.entrySet().stream()
              .filter(each -> each.getKey().kind().equals(WebhookSourceProvider.KIND))
              .map(Map.Entry::getValue)
              .filter(each -> each.mount().getPath().equals(path))
              .findFirst();
    }
    ChangeSource open = follower.map(SourceFollower::source).orElse(null);
    if (!current || (follower.isPresent() && open == null)) {
      return CompletableFuture.failedFuture(
          new CurvineException(ErrorCode.NOT_READY, "the source is being opened; send it again"));
    }
    return open instanceof WebhookSource source && source.authorised(token)
        ? source.offer(body)
        : CompletableFuture.failedFuture(
            new CurvineException(
                ErrorCode.PERMISSION_DENIED,
                "the token is wrong, or no mount there takes notifications"));
  }

  private synchronized List<SourceFollower> endAll() {
    List<SourceFollower> all = new ArrayList<>(running.values());
    running.clear();
    all.forEach(SourceFollower::close);
    return all;
  }

  /** Ends all, and waits a little, so that messages which were taken can be given back. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    long deadline = System.nanoTime() + END_NANOS;
    try {
      for (SourceFollower each : endAll()) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (!each.awaitEnd(left)) {
          LOG.info("a change source of {} is left while it is closing", each.mount().getPath());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
