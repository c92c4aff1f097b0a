/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import com.google.protobuf.ByteString;
import io.curvine.master.leader.Failures;
import io.curvine.master.leader.PatientProposer;
import io.curvine.master.leader.Reply;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.query.UfsLocation;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.CleanSubtree;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.DirtySubtree;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.ReconcileDirectory;
import io.curvine.ufs.UfsPaths;
import io.curvine.ufs.change.ChangeHint;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what is dirty with its UFS until it is not: the name itself, and all loaded directories
 * at and below it. What fails is tried again, each part by itself, less and less often. Owned by
 * one thread that calls {@link #tick} now and then; a tick lasts as long as a round.
 */
public final class DirtyRepair {
  private static final Logger LOG = LoggerFactory.getLogger(DirtyRepair.class);
  private static final long RETRY_MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long RETRY_MAX_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int PAGE_DIRECTORIES = 256;
  private static final String NOTHING_KNOWN =
      "the UFS fails there, or a listing of its directory is under way";

  private final Supplier<QueryEngine> queries;
  private final Supplier<StateStore> state;
  private final UfsLoader loader;
  private final UfsLooks looks;
  private final PatientProposer proposer;
  private final BooleanSupplier leading;
  private final int concurrency;
  private final Map<Part, Attempt> attempts = new HashMap<>();

  private record Part(int mountId, ByteString path) {}

  private record Attempt(int failed, long dueNanos) {}

  /**
   * A repair.
   *
   * @param concurrency directories listed at the same time
   */
  public DirtyRepair(
      Supplier<QueryEngine> queries,
      Supplier<StateStore> state,
      UfsLoader loader,
      Function<Command, CompletableFuture<Reply>> propose,
      BooleanSupplier leading,
      int concurrency) {
    this.queries = queries;
    this.state = state;
    this.loader = loader;
    this.looks = new UfsLooks(loader, state);
    this.proposer = new PatientProposer(propose);
    this.leading = leading;
    this.concurrency = concurrency;
  }

  /** One round over what is dirty and due. */
  public void tick() {
    if (!leading.getAsBoolean()) {
      attempts.clear();
      return;
    }
    Set<Part> known = new HashSet<>();
    for (Mount mount : queries.get().mountsWithSecrets()) {
      if (mount.getMode() != MountMode.CACHE) {
        continue;
      }
      Map<String, DirtySubtree> due = new TreeMap<>();
      for (DirtySubtree part : dirty(mount)) {
        Part key = new Part(mount.getId(), part.getPath());
        known.add(key);
        Attempt before = attempts.get(key);
        if (before == null || before.dueNanos() - System.nanoTime() <= 0) {
          due.put(part.getPath().toStringUtf8(), part);
        }
      }
      if (!due.isEmpty()) {
        repair(mount, due);
      }
    }
    attempts.keySet().retainAll(known);
  }

  private List<DirtySubtree> dirty(Mount mount) {
    // One that stands for all of the mount may come on top of as many as there can be.
    return state
        .get()
        .read(view -> view.sync().dirty(mount.getId(), 2 * Limits.DIRTY_SUBTREES_MAX));
  }

  private void repair(Mount mount, Map<String, DirtySubtree> due) {
    Map<String, String> failures = new HashMap<>();
    lookAtNames(mount, due, failures);
    listBelow(mount, due, failures);
    due.forEach(
        (path, part) -> {
          Part key = new Part(mount.getId(), part.getPath());
          String failure = failures.get(path);
          if (failure == null) {
            failure = clean(part);
          }
          // What is still dirty after a round that did not fail is being changed here.
          again(key, failure);
        });
  }

  private void lookAtNames(
      Mount mount, Map<String, DirtySubtree> due, Map<String, String> failures) {
    Turn turn = looks.turn(mount);
    turn.lock();
    try {
      UfsLooks.Seen seen = looks.look(mount, due.keySet().stream().map(ChangeHint::at).toList());
      for (ReconcileDirectory name : seen.names()) {
        await(proposer.propose(Command.newBuilder().setReconcileDirectory(name).build()));
      }
      for (ByteString unseen : seen.unseen()) {
        due.keySet().stream()
            .filter(path -> isAtOrBelow(path, unseen.toStringUtf8()))
            .forEach(path -> failures.put(path, NOTHING_KNOWN));
      }
    } catch (IOException e) {
      due.keySet().forEach(path -> failures.put(path, e.getMessage()));
    } finally {
      turn.unlock();
    }
  }

  private static boolean isAtOrBelow(String path, String upper) {
    return upper.isEmpty() || path.equals(upper) || path.startsWith(upper + "/");
  }

  private void listBelow(Mount mount, Map<String, DirtySubtree> due, Map<String, String> failures) {
    Deque<Compared> running = new ArrayDeque<>();
    for (long directory : loader.loading()) { // loaded for the first time, they may be
      list(directory, partsAbove(directory, mount, due), running, failures);
    }
    long after = 0;
    List<Long> page;
    do {
      page = queries.get().loadedDirectories(after, PAGE_DIRECTORIES);
      for (long directory : page) {
        after = directory;
        list(directory, partsAbove(directory, mount, due), running, failures);
      }
    } while (!page.isEmpty() && leading.getAsBoolean());
    if (!page.isEmpty()) {
      due.keySet().forEach(path -> failures.put(path, "this master does not lead any more"));
    }
    running.forEach(listing -> listing.await(failures));
  }

  private void list(
      long directory, List<String> parts, Deque<Compared> running, Map<String, String> failures) {
    if (!parts.isEmpty()) {
      if (running.size() >= concurrency) {
        running.removeFirst().await(failures);
      }
      running.addLast(new Compared(parts, loader.loadAnew(directory)));
    }
  }

  /** Those that the directory is at or below. */
  private List<String> partsAbove(long directory, Mount mount, Map<String, DirtySubtree> due) {
    Optional<UfsLocation> location = queries.get().ufsLocation(directory);
    if (location.isEmpty() || location.get().mount().getId() != mount.getId()) {
      return List.of();
    }
    List<String> parts = new ArrayList<>();
    for (String at = location.get().path(); ; at = UfsPaths.parent(at)) {
      if (due.containsKey(at)) {
        parts.add(at);
      }
      if (at.isEmpty()) {
        return parts;
      }
    }
  }

  private record Compared(List<String> parts, CompletableFuture<Void> done) {
    void await(Map<String, String> failures) {
      try {
        DirtyRepair.await(done);
      } catch (IOException e) {
        parts.forEach(part -> failures.put(part, e.getMessage()));
      }
    }
  }

  /** Null where it went. */
  private String clean(DirtySubtree part) {
    CleanSubtree clean =
        CleanSubtree.newBuilder()
            .setMountId(part.getMountId())
            .setPath(part.getPath())
            .setMarkedAt(part.getMarkedAt())
            .build();
    try {
      await(proposer.propose(Command.newBuilder().setCleanSubtree(clean).build()));
    } catch (IOException e) {
      return e.getMessage();
    }
    return null;
  }

  private void again(Part part, String failure) {
    int failed = attempts.containsKey(part) ? attempts.get(part).failed() + 1 : 1;
    long wait = Math.min(RETRY_MAX_NANOS, RETRY_MIN_NANOS << Math.min(failed, 20));
    attempts.put(part, new Attempt(failed, System.nanoTime() + wait));
    if (failure != null && failed == 1) {
      LOG.info("cannot compare '{}' with its UFS: {}", part.path().toStringUtf8(), failure);
    }
  }

  private static void await(CompletableFuture<Void> done) throws IOException {
    try {
      var unused = done.join();
    } catch (CompletionException e) {
      throw Failures.asCurvine(e);
    }
  }
}
