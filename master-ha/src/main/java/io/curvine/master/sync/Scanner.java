/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import io.curvine.master.leader.Failures;
import io.curvine.master.leader.PatientProposer;
import io.curvine.master.leader.Reply;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.query.UfsLocation;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FollowSource;
import io.curvine.protocol.proto.FollowedSource;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The change source that every cache-mode mount has: lists its loaded directories again, every
 * {@code scan_interval_ms} of the mount: flat where its store can and that costs fewer calls. How
 * far a round is goes into the journal now and then, so that a new leader goes on with it. Owned by
 * one thread that calls {@link #tick} now and then; a tick lasts as long as a round.
 */
public final class Scanner {
  /** What it is called among the change sources. */
  public static final String KIND = "scan";

  private static final Logger LOG = LoggerFactory.getLogger(Scanner.class);

  /** What a cursor begins with that is a key of a flat listing and not an inode. */
  private static final String FLAT = "/";

  private static final int PAGE_DIRECTORIES = 256;
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long JOURNALED_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Supplier<QueryEngine> queries;
  private final Supplier<StateStore> state;
  private final UfsLoader loader;
  private final PatientProposer proposer;
  private final BooleanSupplier leading;
  private final LongSupplier clockNanos;
  private final int concurrency;

  /** By mount, since the epoch: when a round had to stop on its way; of the thread that scans. */
  private final Map<Integer, Long> stoppedAt = new HashMap<>();

  /** Of the mounts, for whoever asks; written by the thread that scans. */
  private final Map<Integer, Progress> progress = new ConcurrentHashMap<>();

  /**
   * The newest round over a mount.
   *
   * @param beganNanos since the epoch
   * @param directories listed so far
   * @param failed of them
   * @param running it has not ended
   */
  public record Progress(long beganNanos, long directories, long failed, boolean running) {}

  /**
   * A scanner.
   *
   * @param clockNanos since the epoch
   * @param concurrency directories listed at the same time
   */
  public Scanner(
      Supplier<QueryEngine> queries,
      Supplier<StateStore> state,
      UfsLoader loader,
      Function<Command, CompletableFuture<Reply>> propose,
      BooleanSupplier leading,
      LongSupplier clockNanos,
      int concurrency) {
    this.queries = queries;
    this.state = state;
    this.loader = loader;
    this.proposer = new PatientProposer(propose);
    this.leading = leading;
    this.clockNanos = clockNanos;
    this.concurrency = concurrency;
  }

  /** The newest round over a mount, where this master began it. */
  public Optional<Progress> progress(int mountId) {
    return Optional.ofNullable(progress.get(mountId));
  }

  /** One round over each mount whose time has come. */
  public void tick() {
    if (!leading.getAsBoolean()) {
      progress.clear();
      return;
    }
    Set<Integer> known = new HashSet<>();
    for (Mount mount : queries.get().mountsWithSecrets()) {
      if (mount.getMode() == MountMode.CACHE && mount.getScanIntervalMs() > 0) {
        known.add(mount.getId());
        FollowedSource before = state.get().read(view -> view.sync().source(mount.getId(), KIND));
        if (before == null) {
          journal(mount.getId(), "", 0); // what was loaded so far is new enough
        } else if (isDue(mount, before) && mayRetry(mount) && leading.getAsBoolean()) {
          new Round(mount, before.getCursor()).run();
        }
      }
    }
    progress.keySet().retainAll(known);
    stoppedAt.keySet().retainAll(known);
  }

  /** Whether it is not too soon after a round that had to stop on its way. */
  private boolean mayRetry(Mount mount) {
    Long stopped = stoppedAt.get(mount.getId());
    if (stopped == null) {
      return true;
    }
    long passed = clockNanos.getAsLong() - stopped;
    long pause = Math.min(RETRY_NANOS, TimeUnit.MILLISECONDS.toNanos(mount.getScanIntervalMs()));
    if (passed >= 0 && passed < pause) {
      return false;
    }
    stoppedAt.remove(mount.getId());
    return true;
  }

  private boolean isDue(Mount mount, FollowedSource before) {
    long passed = clockNanos.getAsLong() - before.getAdvancedNanos();
    return !before.getCursor().isEmpty()
        || passed >= TimeUnit.MILLISECONDS.toNanos(mount.getScanIntervalMs())
        || passed < 0;
  }

  /** Whether the journal has it. */
  private boolean journal(int mountId, String cursor, long directories) {
    FollowSource here =
        FollowSource.newBuilder()
            .setMountId(mountId)
            .setKind(KIND)
            .setCursor(cursor)
            .setHints((int) directories)
            .build();
    try {
      var unused = proposer.propose(Command.newBuilder().setFollowSource(here).build()).join();
      return true;
    } catch (CompletionException e) {
      LOG.info("cannot journal how far a scan is: {}", Failures.cause(e).getMessage());
      return false;
    }
  }

  /** One round over one mount. */
  private final class Round {
    private final Mount mount;
    private final Deque<CompletableFuture<Void>> running = new ArrayDeque<>();
    private final long beganNanos = clockNanos.getAsLong();
    private final String begunAt;
    private long after;
    private long directories;
    private long journaledDirectories;
    private long failed;
    private long journaledAt = System.nanoTime();

    /**
     * Goes on after a directory, or after a key where that follows a slash; empty: from the first.
     */
    Round(Mount mount, String cursor) {
      this.mount = mount;
      this.begunAt = cursor;
    }

    void run() {
      boolean byDirectory = !begunAt.isEmpty() && !begunAt.startsWith(FLAT);
      after = byDirectory ? Long.parseLong(begunAt) : 0;
      if (byDirectory || !flat()) {
        listAll();
      }
      tell(false);
    }

    /**
     * Lists the location flat.
     *
     * @return false where that cannot be, or costs more calls than there are directories to list
     */
    private boolean flat() {
      String at = begunAt.isEmpty() ? "" : begunAt.substring(FLAT.length());
      try {
        UnderFileSystem ufs = loader.store(mount);
        if (!ufs.capabilities().trees()) {
          return false;
        }
        TreeScan scan = new TreeScan(mount, ufs, loader, state);
        for (long left = loaded(); at != null && leading.getAsBoolean(); left--) {
          if (left == 0) {
            return false;
          }
          TreeScan.Outcome page = scan.page(at);
          at = page.next();
          directories += page.directories();
          tell(true);
          page.crossed().forEach(this::listCrossed);
          if (at != null && System.nanoTime() - journaledAt >= JOURNALED_EVERY_NANOS) {
            drain();
            journaled(FLAT + at);
          }
        }
      } catch (IOException e) {
        if (Failures.code(e) == ErrorCode.UNSUPPORTED) {
          return false;
        }
        failed++;
        LOG.info("cannot scan {}: {}", mount.getPath(), e.getMessage());
        drain();
        if (!at.isEmpty()) {
          journaled(FLAT + at); // the rest comes when the UFS answers again
        }
        // Nor has a round ended that was not told anything: the next does not wait an interval.
        stoppedAt.put(mount.getId(), clockNanos.getAsLong());
        return true;
      }
      drain();
      if (leading.getAsBoolean()) {
        journaled("");
      }
      return true;
    }

    /** How many directories of the mount are loaded. */
    private long loaded() {
      long count = 0;
      long last = 0;
      List<Long> page;
      do {
        page = queries.get().loadedDirectories(last, PAGE_DIRECTORIES);
        for (long directory : page) {
          last = directory;
          if (queries.get().inode(directory).filter(this::isHere).isPresent()) {
            count++;
          }
        }
      } while (!page.isEmpty());
      return count;
    }

    private boolean isHere(Inode directory) {
      return directory.getMountId() == mount.getId();
    }

    private void listAll() {
      List<Long> page;
      do {
        page = queries.get().loadedDirectories(after, PAGE_DIRECTORIES);
        for (long directory : page) {
          after = directory;
          Optional<UfsLocation> location = queries.get().ufsLocation(directory);
          if (location.isPresent() && location.get().mount().getId() == mount.getId()) {
            list(directory);
          }
        }
        if (System.nanoTime() - journaledAt >= JOURNALED_EVERY_NANOS) {
          drain();
          journaled(Long.toString(after));
        }
      } while (!page.isEmpty() && leading.getAsBoolean());
      drain();
      if (page.isEmpty()) {
        journaled("");
      }
    }

    private void listCrossed(long directory) {
      add(loader.loadAnew(directory));
    }

    private void add(CompletableFuture<Void> listing) {
      if (running.size() >= concurrency) {
        await(running.removeFirst());
      }
      running.addLast(listing);
    }

    private void list(long directory) {
      add(loader.load(directory));
      directories++;
      tell(true);
    }

    private void drain() {
      while (!running.isEmpty()) {
        await(running.removeFirst());
      }
    }

    private void await(CompletableFuture<Void> listing) {
      try {
        var unused = listing.join();
      } catch (CompletionException e) {
        failed++;
        LOG.info("cannot list a directory again: {}", Failures.cause(e).getMessage());
      }
    }

    private void journaled(String cursor) {
      if (journal(mount.getId(), cursor, directories - journaledDirectories)) {
        journaledDirectories = directories;
      }
      journaledAt = System.nanoTime();
    }

    private void tell(boolean goesOn) {
      progress.put(mount.getId(), new Progress(beganNanos, directories, failed, goesOn));
    }
  }
}
