/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.JobsView;
import io.curvine.master.state.view.StateView;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.FollowSource;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.ReconcileDirectory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Which paths were changed at UFSs for Curvine itself lately, so that what was asked of a UFS
 * before such a change, and comes to be decided on after it, is not taken for a change of others:
 * it would take the change back. Soft state of the leader. Thread-safe.
 */
public final class OwnChanges {
  private static final int KEPT_MAX = 100_000;

  private final Supplier<StateStore> state;
  private final Deque<Ended> ended = new ArrayDeque<>();

  /** Of the last one that ended. */
  private long number = 1;

  /** Of the last one that is not kept. */
  private long forgotten = 0;

  private record Ended(long number, int mountId, List<ByteString> paths) {}

  OwnChanges(Supplier<StateStore> state) {
    this.state = state;
  }

  /** For {@code ReconcileDirectory.asked}; taken before the UFS is asked. */
  public synchronized long now() {
    return number;
  }

  /** What ended under another leader is not known here. */
  public synchronized void leadershipBegins() {
    forgetAll();
  }

  private void forgetAll() {
    ended.clear();
    number++;
    forgotten = number - 1;
  }

  /**
   * Fills in what ended since the UFS was asked, and takes note of what ends. On the decide thread,
   * right before the command is decided on: until then a job that ends is a pending one.
   */
  public Command prepare(Command command) {
    switch (command.getCommandCase()) {
      case FINISH_JOB -> ends(command.getFinishJob().getJobId());
      case RECONCILE_DIRECTORY -> {
        return command.toBuilder()
            .setReconcileDirectory(filled(command.getReconcileDirectory()))
            .build();
      }
      case FOLLOW_SOURCE -> {
        FollowSource.Builder follow = command.getFollowSource().toBuilder();
        for (int i = 0; i < follow.getSeenCount(); i++) {
          follow.setSeen(i, filled(follow.getSeen(i)));
        }
        return command.toBuilder().setFollowSource(follow).build();
      }
      default -> {}
    }
    return command;
  }

  private void ends(long jobId) {
    Job job = state.get().read(view -> view.jobs().find(jobId));
    if (job == null || JobsView.paths(job).isEmpty()) {
      return;
    }
    synchronized (this) {
      number++;
      ended.addLast(new Ended(number, job.getMountId(), JobsView.paths(job)));
      if (ended.size() > KEPT_MAX) {
        forgotten = ended.removeFirst().number();
      }
    }
  }

  private ReconcileDirectory filled(ReconcileDirectory seen) {
    if (seen.getAsked() == 0 || seen.getAsked() == now()) {
      return seen;
    }
    int mount = state.get().read(view -> mountOf(seen.getDirectory(), view));
    return seen.toBuilder().addAllSettled(since(seen.getAsked(), mount)).build();
  }

  private static int mountOf(long directory, StateView view) {
    Inode inode = view.namespace().find(directory);
    return inode == null ? 0 : inode.getMountId();
  }

  /** All of the mount, where more has ended than is kept. */
  private synchronized Iterable<ByteString> since(long asked, int mountId) {
    if (asked <= forgotten) {
      return List.of(ByteString.EMPTY);
    }
    TreeSet<ByteString> paths = new TreeSet<>(ByteString.unsignedLexicographicalComparator());
    var latest = ended.descendingIterator();
    while (latest.hasNext()) {
      Ended each = latest.next();
      if (each.number() <= asked) {
        break;
      }
      if (each.mountId() == mountId) {
        paths.addAll(each.paths());
      }
    }
    return paths;
  }
}
