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
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.ReconcileDirectory;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Which paths were changed at UFSs for Curvine itself lately, so that what was asked of a UFS
 * before such a change, and comes to be decided on after it, is not taken for a change of others:
 * it would take the change back. Soft state of the leader. Thread-safe.
 */
public final class OwnChanges {
  private static final int KEPT_MAX = 50_000;
  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  private final Supplier<StateStore> state;

  /** When changes of paths ended, the latest last. */
  private final LinkedHashMap<Path, Long> ended = new LinkedHashMap<>();

  private final TreeSet<Path> sorted = new TreeSet<>();

  /** Of the last one that ended. */
  private long number = 1;

  /** Of the last one that is not kept. */
  private long forgotten = 0;

  private record Path(int mountId, ByteString inMount) implements Comparable<Path> {
    private static final Comparator<Path> ORDER =
        Comparator.comparingInt(Path::mountId)
            .thenComparing(Path::inMount, ByteString.unsignedLexicographicalComparator());

    @Override
    public int compareTo(Path other) {
      return ORDER.compare(this, other);
    }

    boolean isBelow(Path above) {
      return mountId == above.mountId
          && inMount.size() > above.inMount.size()
          && inMount.startsWith(above.prefix());
    }

    /** What paths below it begin with. */
    ByteString prefix() {
      return inMount.isEmpty() ? inMount : inMount.concat(SLASH);
    }

    /** Its first part below another. */
    ByteString childOf(Path above) {
      int end = above.prefix().size();
      while (end < inMount.size() && inMount.byteAt(end) != '/') {
        end++;
      }
      return inMount.substring(0, end);
    }
  }

  OwnChanges(Supplier<StateStore> state) {
    this.state = state;
  }

  /** For {@code ReconcileDirectory.asked}; taken before the UFS is asked. */
  public synchronized long now() {
    return number;
  }

  /** What ended under another leader is not known here. */
  public synchronized void leadershipBegins() {
    ended.clear();
    sorted.clear();
    number++;
    forgotten = number - 1;
  }

  /**
   * Fills in what ended since the UFS was asked, and takes note of what ends. On the decide thread,
   * right before the command is decided on: until then a job that ends is a pending one.
   */
  public Command prepare(Command command) {
    switch (command.getCommandCase()) {
      case FINISH_JOB -> {
        Job job = state.get().read(view -> ofReconciled(command.getFinishJob().getJobId(), view));
        if (job != null) {
          ends(job);
        }
      }
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

  /** Null: of a mount that is not compared with its UFS, or not there. */
  private static Job ofReconciled(long jobId, StateView view) {
    Job job = view.jobs().find(jobId);
    Mount mount = job == null ? null : view.mounts().find(job.getMountId());
    return mount != null && mount.getMode() == MountMode.CACHE ? job : null;
  }

  private synchronized void ends(Job job) {
    for (ByteString each : JobsView.paths(job)) {
      number++;
      Path path = new Path(job.getMountId(), each);
      ended.remove(path); // to be the latest
      ended.put(path, number);
      sorted.add(path);
    }
    Iterator<Map.Entry<Path, Long>> eldest = ended.entrySet().iterator();
    while (ended.size() > KEPT_MAX) {
      Map.Entry<Path, Long> out = eldest.next();
      forgotten = out.getValue();
      sorted.remove(out.getKey());
      eldest.remove();
    }
  }

  private ReconcileDirectory filled(ReconcileDirectory seen) {
    if (seen.getAsked() == 0 || seen.getAsked() == now()) {
      return seen;
    }
    Path directory = state.get().read(view -> pathOf(seen.getDirectory(), view));
    return directory == null
        ? seen
        : seen.toBuilder().addAllSettled(since(seen, directory)).build();
  }

  /** Null where it is not under a mount. */
  private static Path pathOf(long directory, StateView view) {
    Inode inode = view.namespace().find(directory);
    Mount mount = inode == null ? null : view.mounts().find(inode.getMountId());
    return mount == null ? null : new Path(mount.getId(), view.mounts().ufsPath(mount, inode));
  }

  /** The empty path, where any name of the directory may be concerned. */
  private synchronized Set<ByteString> since(ReconcileDirectory seen, Path directory) {
    if (seen.getAsked() <= forgotten || isAtOrAbove(directory, seen.getAsked())) {
      return Set.of(ByteString.EMPTY);
    }
    Path from =
        seen.getSingle().isEmpty()
            ? directory
            : new Path(directory.mountId(), directory.prefix().concat(seen.getSingle()));
    Set<ByteString> children = new LinkedHashSet<>();
    if (!seen.getSingle().isEmpty() && isEnded(from, seen.getAsked())) {
      children.add(from.inMount());
    }
    for (Path each : sorted.tailSet(new Path(from.mountId(), from.prefix()), true)) {
      if (!each.equals(from) && !each.isBelow(from)) {
        break;
      }
      if (isEnded(each, seen.getAsked()) && each.isBelow(from)) {
        children.add(each.childOf(directory));
      }
    }
    return children;
  }

  private boolean isAtOrAbove(Path directory, long asked) {
    ByteString path = directory.inMount();
    for (int end = 0; end <= path.size(); end++) {
      boolean whole = end == 0 || end == path.size() || path.byteAt(end) == '/';
      if (whole && isEnded(new Path(directory.mountId(), path.substring(0, end)), asked)) {
        return true;
      }
    }
    return false;
  }

  private boolean isEnded(Path path, long asked) {
    return ended.getOrDefault(path, 0L) > asked;
  }
}
