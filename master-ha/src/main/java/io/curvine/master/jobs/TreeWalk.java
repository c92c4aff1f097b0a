/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.StateView;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.TreeJob;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * One step of a walk over the files below a directory, in the order of their names, depth first. It
 * goes on after the entry where the step before ended, whatever has become of that. For one thread
 * and one state.
 */
final class TreeWalk {
  private static final byte SLASH = '/';
  private static final int AHEAD_ENTRIES = 1_000;
  private static final int AHEAD_DIRECTORIES = 32;

  private final StateView state;
  private final LongPredicate wanted;
  private final LongPredicate entered;
  private final int entriesMax;
  private final int copies;
  private final List<Inode> files = new ArrayList<>();
  private final Deque<At> stack = new ArrayDeque<>();
  private ByteString walkedTo;
  private int entries;
  private final List<Long> unloaded = new ArrayList<>();

  /** A directory, where it is relative to the root, and the name after which it goes on. */
  private static final class At {
    final long directory;
    final ByteString path;
    ByteString after;

    At(long directory, ByteString path, ByteString after) {
      this.directory = directory;
      this.path = path;
      this.after = after;
    }

    ByteString below(ByteString name) {
      return path.isEmpty()
          ? name
          : path.concat(ByteString.copyFrom(new byte[] {SLASH})).concat(name);
    }
  }

  /**
   * What a step has met.
   *
   * @param walkedTo the last entry, relative to the root
   * @param walked there is no more
   * @param unloaded a directory that was entered last, whose names the UFS must be asked for before
   *     the walk goes on, and some of those that come next; empty: none
   */
  record Step(List<Inode> files, ByteString walkedTo, boolean walked, List<Long> unloaded) {}

  private TreeWalk(
      StateView state, LongPredicate wanted, LongPredicate entered, int entriesMax, int copies) {
    this.state = state;
    this.wanted = wanted;
    this.entered = entered;
    this.entriesMax = entriesMax;
    this.copies = copies;
  }

  /**
   * Takes a step.
   *
   * @param wanted tells the directories where it stops if their names are not loaded; others count
   *     as empty then
   * @param entriesMax of names that are looked at, and of jobs that large files are loaded by
   */
  static Step step(TreeJob job, StateView state, LongPredicate wanted, int entriesMax) {
    TreeWalk walk = new TreeWalk(state, wanted, directory -> true, entriesMax, job.getReplicas());
    return walk.below(job.getRoot(), job.getWalkedTo());
  }

  /**
   * Takes a step of a walk that is no job's.
   *
   * @param after as {@link Step#walkedTo} of the step before; empty: it begins
   * @param wanted tells the directories where it stops if their names are not loaded; others count
   *     as empty then
   * @param entered tells the directories that are walked, besides the root
   * @param entriesMax of names that are looked at
   */
  static Step step(
      long root,
      ByteString after,
      StateView state,
      LongPredicate wanted,
      LongPredicate entered,
      int entriesMax) {
    return new TreeWalk(state, wanted, entered, entriesMax, 0).below(root, after);
  }

  private Step below(long id, ByteString after) {
    Inode root = state.namespace().find(id);
    if (root == null) {
      return new Step(List.of(), after, true, List.of());
    }
    return NamespaceView.isDirectory(root)
        ? from(root, after)
        : new Step(List.of(root), after, true, List.of());
  }

  private Step from(Inode root, ByteString after) {
    walkedTo = after;
    boolean goesOn = after.isEmpty() ? enter(root, ByteString.EMPTY) : resume(root, after);
    while (goesOn && !stack.isEmpty()) {
      goesOn = walk(stack.peek());
    }
    return new Step(files, walkedTo, goesOn, unloaded);
  }

  /** Enters the directories on the way to where the walk is. */
  private boolean resume(Inode root, ByteString to) {
    Inode at = root;
    ByteString path = ByteString.EMPTY;
    int begin = 0;
    while (at != null && NamespaceView.isDirectory(at) && begin <= to.size()) {
      int end = begin;
      while (end < to.size() && to.byteAt(end) != SLASH) {
        end++;
      }
      ByteString name = to.substring(begin, end);
      stack.push(new At(at.getId(), path, name));
      at = state.namespace().child(at.getId(), name);
      path = to.substring(0, end);
      begin = end + 1;
    }
    boolean enteredLast = at != null && NamespaceView.isDirectory(at) && begin > to.size();
    return !enteredLast || enter(at, path);
  }

  /** False where its names must be loaded first. */
  private boolean enter(Inode directory, ByteString path) {
    if (isUnloaded(directory)) {
      unloaded.add(directory.getId());
      lookAhead();
      return false;
    }
    stack.push(new At(directory.getId(), path, ByteString.EMPTY));
    return true;
  }

  private boolean isUnloaded(Inode directory) {
    return state.mounts().namesMissing(directory) && wanted.test(directory.getId());
  }

  /** Finds those that come next beside the one that was entered: they can be listed meanwhile. */
  private void lookAhead() {
    At at = stack.peek();
    if (at == null) {
      return;
    }
    int[] left = {AHEAD_ENTRIES};
    state
        .namespace()
        .children(
            at.directory,
            at.after,
            (name, id) -> {
              Inode inode = state.namespace().require(id);
              if (NamespaceView.isDirectory(inode) && entered.test(id) && isUnloaded(inode)) {
                unloaded.add(id);
              }
              return --left[0] > 0 && unloaded.size() < AHEAD_DIRECTORIES;
            });
  }

  /** Goes through the files of a directory up to the next one to enter; false: the step ends. */
  private boolean walk(At at) {
    Inode[] next = {null};
    boolean[] more = {true};
    state
        .namespace()
        .children(
            at.directory,
            at.after,
            (name, id) -> {
              Inode inode = state.namespace().require(id);
              at.after = name;
              walkedTo = at.below(name);
              if (inode.getType() == InodeType.FILE) {
                files.add(inode);
                entries += TreeParts.jobsOf(inode) * copies;
              } else if (inode.getType() == InodeType.DIRECTORY && entered.test(id)) {
                next[0] = inode;
              }
              more[0] = ++entries < entriesMax;
              return next[0] == null && more[0];
            });
    if (next[0] != null) {
      return enter(next[0], walkedTo) && more[0];
    }
    if (more[0]) {
      stack.pop();
    }
    return more[0];
  }
}
