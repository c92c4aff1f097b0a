/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.leader.Reply;
import io.curvine.master.state.view.StateView;
import io.curvine.master.store.StateStore;
import io.curvine.master.sync.Scanner;
import io.curvine.master.sync.SourceFollowers;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.FollowedSource;
import io.curvine.protocol.proto.MarkDirty;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.MountSync;
import io.curvine.protocol.proto.NotifyUfs;
import io.curvine.protocol.proto.ResyncUfs;
import io.curvine.protocol.proto.ScanSync;
import io.curvine.protocol.proto.SourceSync;
import io.curvine.protocol.proto.UfsNotified;
import io.curvine.protocol.proto.UfsSyncState;
import io.curvine.protocol.rpc.RpcResponder;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** How well mounts follow their UFSs, and what an operator can do about it. Thread-safe. */
public final class UfsSyncAdmin {
  private final NodeView node;
  private final Supplier<StateStore> state;
  private final Followed followed;
  private final Function<Command, CompletableFuture<Reply>> propose;
  private final LongSupplier epochNanos;
  private final Executor threads;

  /** Whoever knows more than the journal does. */
  public record Followed(SourceFollowers sources, Scanner scanner) {}

  /**
   * An answerer.
   *
   * @param epochNanos the clock that events bear
   * @param threads bounded; the state is read there
   */
  public UfsSyncAdmin(
      NodeView node,
      Supplier<StateStore> state,
      Followed followed,
      Function<Command, CompletableFuture<Reply>> propose,
      LongSupplier epochNanos,
      Executor threads) {
    this.node = node;
    this.state = state;
    this.followed = followed;
    this.propose = propose;
    this.epochNanos = epochNanos;
    this.threads = threads;
  }

  void tell(RpcResponder responder) {
    LeaderWork.answer(node, this::told, responder);
  }

  void resync(ResyncUfs asked, RpcResponder responder) {
    MarkDirty mark =
        MarkDirty.newBuilder().setPath(asked.getPath()).setWhy("an operator asked for it").build();
    LeaderWork.answer(
        node,
        () ->
            propose
                .apply(Command.newBuilder().setMarkDirty(mark).build())
                .thenCompose(Reply::accepted)
                .thenCompose(done -> told()),
        responder);
  }

  void notified(NotifyUfs told, RpcResponder responder) {
    LeaderWork.answer(
        node,
        () ->
            followed
                .sources()
                .push(told.getPath(), told.getToken(), told.getBody().toByteArray())
                .thenApply(
                    done ->
                        AdminReply.newBuilder().setUfsNotified(UfsNotified.getDefaultInstance())),
        responder);
  }

  private CompletableFuture<AdminReply.Builder> told() {
    return BlockingWork.begin(
        threads,
        "too many requests are waiting already; try later",
        () -> {
          UfsSyncState now = state.get().read(this::of);
          return AdminReply.newBuilder().setUfsSyncState(now);
        });
  }

  private UfsSyncState of(StateView view) {
    UfsSyncState.Builder all = UfsSyncState.newBuilder().setNowNanos(epochNanos.getAsLong());
    view.mounts().all().stream()
        .filter(mount -> mount.getMode() == MountMode.CACHE)
        .sorted(Comparator.comparing(Mount::getPath))
        .forEach(mount -> all.addMounts(of(mount, view)));
    return all.build();
  }

  private MountSync of(Mount mount, StateView view) {
    MountSync.Builder sync =
        MountSync.newBuilder()
            .setMountId(mount.getId())
            .setPath(mount.getPath())
            .setUri(mount.getUri())
            .addAllDirty(view.sync().dirty(mount.getId(), Limits.DIRTY_SUBTREES_MAX))
            .setScan(scan(mount, view));
    for (String kind : mount.getSourcesList()) {
      sync.addSources(source(mount, kind, view));
    }
    return sync.build();
  }

  private SourceSync source(Mount mount, String kind, StateView view) {
    FollowedSource journaled = view.sync().source(mount.getId(), kind);
    if (journaled == null) {
      journaled = FollowedSource.newBuilder().setMountId(mount.getId()).setKind(kind).build();
    }
    SourceSync.Builder source =
        SourceSync.newBuilder().setJournaled(journaled).setBehind(-1).setHeardMsAgo(-1);
    followed
        .sources()
        .status(mount.getId(), kind)
        .ifPresent(
            now -> {
              source
                  .setFollowing(now.failure().isEmpty())
                  .setFailure(now.failure())
                  .setBehind(now.behind());
              if (now.heardNanos() != 0) {
                source.setHeardMsAgo(
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - now.heardNanos()));
              }
            });
    return source.build();
  }

  private ScanSync scan(Mount mount, StateView view) {
    ScanSync.Builder scan = ScanSync.newBuilder().setIntervalMs(mount.getScanIntervalMs());
    List<FollowedSource> journaled = view.sync().sources(mount.getId());
    journaled.stream()
        .filter(each -> each.getKind().equals(Scanner.KIND) && each.getHints() > 0)
        .filter(each -> each.getCursor().isEmpty())
        .forEach(each -> scan.setEndedNanos(each.getAdvancedNanos()));
    Optional<Scanner.Progress> progress = followed.scanner().progress(mount.getId());
    progress.ifPresent(
        now ->
            scan.setRunning(now.running())
                .setBeganNanos(now.beganNanos())
                .setDirectories(now.directories())
                .setFailed(now.failed()));
    return scan.build();
  }
}
