/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import com.google.protobuf.ByteString;
import io.curvine.master.command.ReconcilePlan;
import io.curvine.master.leader.Failures;
import io.curvine.master.leader.Reply;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.query.UfsLocation;
import io.curvine.master.state.view.MountsView;
import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.ReconcileDirectory;
import io.curvine.protocol.proto.UfsBinding;
import io.curvine.protocol.proto.UfsEntry;
import io.curvine.protocol.proto.UfsFinding;
import io.curvine.ufs.UfsProbe;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what a UFS holds into the namespace: lists directories and proposes what was seen, in
 * pages. A directory is listed once at a time, however many wait for it. Thread-safe; nothing here
 * blocks its caller.
 */
public final class UfsLoader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UfsLoader.class);
  private static final int PAGE_ENTRIES = 1_000;

  private final UfsRegistry registry;
  private final UfsPool pool;
  private final Supplier<QueryEngine> queries;
  private final Supplier<StateStore> state;
  private final PatientProposer proposer;
  private final UfsThreads threads;
  private final FileLooks files;
  private final Map<Long, CompletableFuture<Void>> loading = new ConcurrentHashMap<>();
  private final Map<Integer, Turn> turns = new ConcurrentHashMap<>();
  private final Comparisons comparisons = new Comparisons();

  /**
   * A loader.
   *
   * @param state what was seen is compared with it, so that nothing is proposed where nothing
   *     changed
   * @param propose gives a command to the leader's decide loop
   * @param threadCount calls to the UFS of one mount at the same time
   */
  public UfsLoader(
      UfsRegistry registry,
      Supplier<QueryEngine> queries,
      Supplier<StateStore> state,
      Function<Command, CompletableFuture<Reply>> propose,
      int threadCount) {
    this.registry = registry;
    this.pool = new UfsPool(registry);
    this.queries = queries;
    this.state = state;
    this.proposer = new PatientProposer(propose);
    this.threads = new UfsThreads(threadCount);
    this.files = new FileLooks(this::lookAndPropose, this::turnOf, loading::get);
  }

  /** Work for the mount that an inode is of. */
  private <T> CompletableFuture<T> run(long inode, UfsThreads.Work<T> work) {
    int mount;
    try {
      mount = queries.get().inode(inode).map(Inode::getMountId).orElse(0);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    return threads.run(mount, work);
  }

  /** Lists the directories and has the namespace follow; fails with the first failure. */
  public CompletableFuture<Void> load(List<Long> directories) {
    return CompletableFuture.allOf(
        directories.stream().map(this::load).toArray(CompletableFuture<?>[]::new));
  }

  /** As {@link #load(List)}, of one. */
  public CompletableFuture<Void> load(long directory) {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    CompletableFuture<Void> other = loading.putIfAbsent(directory, mine);
    if (other != null) {
      return other;
    }
    long begun = System.nanoTime();
    files
        .ended(directory)
        .thenCompose(ended -> run(directory, () -> unlike(list(directory))))
        .thenCompose(listing -> proposeAll(listing))
        .whenComplete(
            (done, failure) -> {
              loading.remove(directory, mine);
              if (failure == null) {
                comparisons.done(directory, begun);
                mine.complete(null);
              } else {
                mine.completeExceptionally(Failures.cause(failure));
              }
            });
    return mine;
  }

  /** Those that would change the namespace. An unchanged tree costs no commands. */
  private List<ReconcileDirectory> unlike(List<ReconcileDirectory> pages) {
    List<ReconcileDirectory> unlike = new ArrayList<>();
    for (ReconcileDirectory page : pages) {
      try (FrozenState now = state.get().freeze()) {
        if (!ReconcilePlan.isLike(page, now)) {
          unlike.add(page);
        }
      }
    }
    return unlike;
  }

  /**
   * As {@link #load(long)}, by a listing that begins after this call: where one is under way,
   * another follows it.
   */
  public CompletableFuture<Void> loadAnew(long directory) {
    CompletableFuture<Void> running = loading.get(directory);
    return running == null
        ? load(directory)
        : running.handle((done, failure) -> null).thenCompose(ended -> load(directory));
  }

  /** The one turn of a mount. */
  Turn turn(Mount mount) {
    return turn(mount.getId());
  }

  private Turn turn(int mountId) {
    return turns.computeIfAbsent(mountId, id -> new Turn());
  }

  private Turn turnOf(Inode inode) {
    return turn(inode.getMountId());
  }

  /** Whether a directory is being listed. */
  boolean isLoading(long directory) {
    return loading.containsKey(directory);
  }

  /** Lists a directory and proposes nothing: what would be proposed. */
  public CompletableFuture<List<ReconcileDirectory>> look(long directory) {
    return run(directory, () -> list(directory));
  }

  private List<ReconcileDirectory> list(long directory) throws IOException {
    Optional<UfsLocation> location = queries.get().ufsLocation(directory);
    if (location.isEmpty()) {
      return List.of();
    }
    UnderFileSystem ufs = pool.get(location.get().mount());
    List<UfsEntry> entries = new ArrayList<>();
    try {
      ufs.list(location.get().path(), status -> UfsEntries.of(status).ifPresent(entries::add));
    } catch (CurvineException e) {
      if (e.code() == ErrorCode.NOT_FOUND && !location.get().path().isEmpty()) {
        return List.of(gone(directory));
      }
      throw e;
    }
    entries.sort(UfsEntries.BY_NAME);
    return pages(directory, entries);
  }

  /** What says that a directory is not in its parent any more. */
  private ReconcileDirectory gone(long directory) throws CurvineException {
    Inode inode =
        queries
            .get()
            .inode(directory)
            .orElseThrow(
                () -> new CurvineException(ErrorCode.NOT_FOUND, "inode " + directory + " is gone"));
    return ReconcileDirectory.newBuilder()
        .setDirectory(inode.getParent())
        .setSingle(inode.getName())
        .setIfInode(directory)
        .build();
  }

  static List<ReconcileDirectory> pages(long directory, List<UfsEntry> sorted) {
    List<ReconcileDirectory> pages = new ArrayList<>();
    ByteString after = ByteString.EMPTY;
    int from = 0;
    do {
      int to = Math.min(sorted.size(), from + PAGE_ENTRIES);
      boolean last = to == sorted.size();
      ByteString upTo = last ? ByteString.EMPTY : sorted.get(to - 1).getName();
      pages.add(
          ReconcileDirectory.newBuilder()
              .setDirectory(directory)
              .setAfter(after)
              .setUpTo(upTo)
              .addAllEntries(sorted.subList(from, to))
              .setComplete(last)
              .build());
      after = upTo;
      from = to;
    } while (from < sorted.size());
    return pages;
  }

  private CompletableFuture<Void> proposeAll(List<ReconcileDirectory> pages) {
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    for (ReconcileDirectory page : pages) {
      done = done.thenCompose(before -> propose(page));
    }
    return done;
  }

  private CompletableFuture<Void> propose(ReconcileDirectory page) {
    return proposer.propose(Command.newBuilder().setReconcileDirectory(page).build());
  }

  /**
   * Looks at one name and proposes nothing: what would be proposed. What nobody holds any more is
   * proposed to a directory that is not there, which changes nothing.
   */
  CompletableFuture<ReconcileDirectory> look(LookPlan.Look look) {
    return run(
        look.directory(),
        () -> {
          ReconcileDirectory.Builder seen =
              ReconcileDirectory.newBuilder().setDirectory(look.directory()).setSingle(look.name());
          // As the mount is now: its settings may have changed since the hint came.
          Optional<UfsLocation> directory = queries.get().ufsLocation(look.directory());
          if (directory.isPresent()) {
            pool.get(directory.get().mount())
                .status(look.path())
                .flatMap(UfsEntries::of)
                .ifPresent(entry -> seen.addEntries(entry.toBuilder().setName(look.name())));
          }
          return seen.build();
        });
  }

  /**
   * Looks at one file again, after this call, and has the namespace follow. See {@link FileLooks}.
   */
  public CompletableFuture<Void> refresh(Inode inode) {
    return files.refresh(inode);
  }

  private CompletableFuture<Void> lookAndPropose(Inode inode) {
    long begun = System.nanoTime();
    return run(inode.getId(), () -> lookAtFile(inode.getId()))
        .thenCompose(seen -> seen == null ? done() : propose(seen))
        .thenRun(() -> comparisons.done(inode.getId(), begun));
  }

  /** When what was last compared. */
  public Comparisons comparisons() {
    return comparisons;
  }

  private static CompletableFuture<Void> done() {
    return CompletableFuture.completedFuture(null);
  }

  /** As the file is now: it may have waited. */
  private ReconcileDirectory lookAtFile(long file) throws IOException {
    Optional<Inode> found = queries.get().inode(file);
    Optional<UfsLocation> location = queries.get().ufsLocation(file);
    if (found.isEmpty() || location.isEmpty() || location.get().path().isEmpty()) {
      return null;
    }
    Inode inode = found.get();
    ReconcileDirectory.Builder seen =
        ReconcileDirectory.newBuilder().setDirectory(inode.getParent()).setSingle(inode.getName());
    UnderFileSystem ufs = pool.get(location.get().mount());
    ufs.status(location.get().path())
        .flatMap(UfsEntries::of)
        .ifPresent(entry -> seen.addEntries(entry.toBuilder().setName(inode.getName())));
    return seen.build();
  }

  /** Fails where a change source of a mount cannot be what it says; nothing remote is called. */
  public CompletableFuture<Void> checkSources(Mount mount) {
    return threads.run(
        mount.getId(),
        () -> {
          requireSources(mount);
          return null;
        });
  }

  private void requireSources(Mount mount) throws IOException {
    registry.checkSources(mount.getUri(), mount.getSourcesList(), mount.getOptionsMap());
  }

  /** Reaches a location that is to be mounted; fails with the reason where it cannot be used. */
  public CompletableFuture<UfsBinding> check(Mount mount) {
    return threads.run(
        mount.getId(),
        () -> {
          requireSources(mount);
          try (UnderFileSystem ufs = registry.open(mount.getUri(), mount.getOptionsMap())) {
            UfsStatus root =
                ufs.status("")
                    .orElseThrow(
                        () ->
                            new CurvineException(
                                ErrorCode.NOT_FOUND, mount.getUri() + " does not exist"));
            if (root.kind() != UfsStatus.Kind.DIRECTORY) {
              throw new CurvineException(
                  ErrorCode.NOT_A_DIRECTORY, mount.getUri() + " is not a directory");
            }
            LOG.info("reached {} for a mount at {}", mount.getUri(), mount.getPath());
            return UfsEntries.binding(root);
          }
        });
  }

  /** Tries a location as a mount of it would use it; leaves nothing there. */
  public CompletableFuture<List<UfsFinding>> probe(Mount mount) {
    return threads.run(
        mount.getId(),
        () -> {
          try (UnderFileSystem ufs = registry.open(mount.getUri(), mount.getOptionsMap())) {
            return UfsProbe.run(ufs, MountsView.exports(mount), registry.rights(mount.getUri()));
          }
        });
  }

  /** Closes the stores of mounts that are gone, when their calls under way have ended. */
  public void tick() {
    Set<Integer> mounts =
        queries.get().storedMounts().stream().map(Mount::getId).collect(Collectors.toSet());
    pool.retain(mounts);
  }

  @Override
  public void close() {
    threads.close();
    pool.close();
  }
}
