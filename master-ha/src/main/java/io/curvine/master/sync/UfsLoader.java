/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import com.google.protobuf.ByteString;
import io.curvine.master.command.ReconcilePlan;
import io.curvine.master.leader.Failures;
import io.curvine.master.leader.PatientProposer;
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
import io.curvine.protocol.proto.UfsFinding;
import io.curvine.ufs.UfsProbe;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what a UFS holds into the namespace: lists directories and proposes what was seen, page by
 * page while it is seen. A directory is listed once at a time, however many wait for it.
 * Thread-safe; nothing here blocks its caller.
 */
public final class UfsLoader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UfsLoader.class);

  private final UfsRegistry registry;
  private final UfsPool pool;
  private final Supplier<QueryEngine> queries;
  private final Supplier<StateStore> state;
  private final PatientProposer proposer;
  private final UfsThreads threads;
  private final FileLooks files;
  private final Map<Long, Listing> loading = new ConcurrentHashMap<>();
  private final Set<Crossings> crossings = ConcurrentHashMap.newKeySet();
  private final PagedListing listings = new PagedListing();
  private final Map<Integer, Turn> turns = new ConcurrentHashMap<>();
  private final Comparisons comparisons = new Comparisons();
  private final OwnChanges ownChanges;

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
    this.ownChanges = new OwnChanges(state);
    this.proposer = new PatientProposer(propose);
    this.threads = new UfsThreads(threadCount);
    this.files = new FileLooks(this::lookAndPropose, this::turnOf, this::listingOf);
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

  /** The listing of a directory that is under way, or follows when nobody holds it back. */
  private CompletableFuture<Void> listingOf(long directory) {
    return loading.containsKey(directory) ? load(directory) : null;
  }

  /** Lists the directories and has the namespace follow; fails with the first failure. */
  public CompletableFuture<Void> load(List<Long> directories) {
    return CompletableFuture.allOf(
        directories.stream().map(this::load).toArray(CompletableFuture<?>[]::new));
  }

  /** As {@link #load(List)}, of one. */
  public CompletableFuture<Void> load(long directory) {
    Listing running = listing(directory);
    return running.isClaim()
        ? running.done().thenCompose(released -> load(directory))
        : running.done();
  }

  /**
   * As {@link #load(long)}, complete already when names of the directory after that one are in the
   * state.
   */
  public CompletableFuture<Void> loadPast(long directory, ByteString name) {
    Listing running = listing(directory);
    return running.isClaim()
        ? running.done().thenCompose(released -> loadPast(directory, name))
        : running.past(name);
  }

  /**
   * All names of a directory up to this one are in the state, though its listing goes on; empty:
   * nothing is known. Asked before the state is looked at.
   */
  public ByteString loadedUpTo(long directory) {
    Listing running = loading.get(directory);
    return running == null ? ByteString.EMPTY : running.upTo();
  }

  /** The one that is under way, or a new one. */
  private Listing listing(long directory) {
    Listing mine = new Listing(false);
    Listing other = loading.putIfAbsent(directory, mine);
    if (other != null) {
      return other;
    }
    crossings.forEach(each -> each.begun.add(directory));
    long begun = System.nanoTime();
    files
        .ended(directory)
        .thenCompose(
            ended ->
                run(
                    directory,
                    () -> {
                      Follower follower = new Follower(mine);
                      list(directory, follower);
                      return follower;
                    }))
        .thenCompose(follower -> follower.last)
        .whenComplete(
            (done, failure) -> {
              loading.remove(directory, mine);
              if (failure == null) {
                comparisons.done(directory, begun);
              }
              mine.end(failure == null ? null : Failures.cause(failure));
            });
    return mine;
  }

  /**
   * Has the namespace follow page by page. One is proposed while the next is being listed; before
   * that is proposed, the first has had its effect.
   */
  private final class Follower implements PagedListing.PageConsumer {
    private final Listing listing;
    private CompletableFuture<Void> last = done();

    Follower(Listing listing) {
      this.listing = listing;
    }

    @Override
    public void again() {
      listing.reached(ByteString.EMPTY);
    }

    @Override
    public void accept(ReconcileDirectory page) throws IOException {
      await(last);
      last = isLike(page) ? done() : propose(page);
      if (!page.getUpTo().isEmpty()) {
        last = last.thenRun(() -> listing.reached(page.getUpTo()));
      }
    }
  }

  private static void await(CompletableFuture<Void> proposed) throws IOException {
    try {
      var unused = proposed.get();
    } catch (ExecutionException e) {
      throw Failures.asCurvine(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CurvineException(ErrorCode.NOT_READY, "the master is closing", e);
    }
  }

  /**
   * Which directories are listed while something else is looked at. Closed by who asked for it.
   * Thread-safe.
   */
  final class Crossings implements AutoCloseable {
    private final Set<Long> begun = ConcurrentHashMap.newKeySet();

    boolean holds(long directory) {
      return begun.contains(directory);
    }

    @Override
    public void close() {
      crossings.remove(this);
    }
  }

  /** From now on. */
  Crossings crossings() {
    Crossings mine = new Crossings();
    crossings.add(mine);
    mine.begun.addAll(loading.keySet());
    return mine;
  }

  /** While it is held, no listing of the directory begins. */
  final class Claim implements AutoCloseable {
    private final long directory;
    private final Listing claim = new Listing(true);
    private final boolean held;

    private Claim(long directory) {
      this.directory = directory;
      this.held = loading.putIfAbsent(directory, claim) == null;
    }

    /** False: one is under way. */
    boolean held() {
      return held;
    }

    @Override
    public void close() {
      if (held) {
        loading.remove(directory, claim);
        claim.end(null);
      }
    }
  }

  Claim claim(long directory) {
    return new Claim(directory);
  }

  /** The location of a mount. */
  UnderFileSystem store(Mount mount) throws IOException {
    return pool.get(mount);
  }

  /** Whether it would not change the namespace. An unchanged tree costs no commands. */
  boolean isLike(ReconcileDirectory page) {
    try (FrozenState now = state.get().freeze()) {
      return ReconcilePlan.isLike(page, now);
    }
  }

  /**
   * As {@link #load(long)}, by a listing that begins after this call: where one is under way,
   * another follows it.
   */
  public CompletableFuture<Void> loadAnew(long directory) {
    Listing running = loading.get(directory);
    return running == null
        ? load(directory)
        : running.done().handle((done, failure) -> null).thenCompose(ended -> load(directory));
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

  /** The directories that are being listed. */
  Set<Long> loading() {
    return Set.copyOf(loading.keySet());
  }

  /** Lists a directory and proposes nothing: gives what would be proposed, page by page. */
  public CompletableFuture<Void> look(long directory, Consumer<ReconcileDirectory> page) {
    return run(
        directory,
        () -> {
          list(directory, page::accept);
          return null;
        });
  }

  /** What ended at UFSs for Curvine itself. */
  public OwnChanges ownChanges() {
    return ownChanges;
  }

  private void list(long directory, PagedListing.PageConsumer page) throws IOException {
    long asked = ownChanges.now();
    Optional<UfsLocation> location = queries.get().presentUfsLocation(directory);
    if (location.isEmpty()) {
      return;
    }
    Mount mount = location.get().mount();
    String path = location.get().path();
    try {
      listings.read(
          pool.get(mount), mount.getUri(), path, directory, new PagedListing.Asked(asked, page));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.NOT_FOUND || path.isEmpty()) {
        throw e;
      }
      page.accept(gone(directory).toBuilder().setAsked(asked).build());
    }
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

  CompletableFuture<Void> propose(ReconcileDirectory page) {
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
              ReconcileDirectory.newBuilder()
                  .setDirectory(look.directory())
                  .setSingle(look.name())
                  .setAsked(ownChanges.now());
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
        ReconcileDirectory.newBuilder()
            .setDirectory(inode.getParent())
            .setSingle(inode.getName())
            .setAsked(ownChanges.now());
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
