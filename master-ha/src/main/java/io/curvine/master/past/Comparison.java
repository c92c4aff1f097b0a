/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.NamespaceView.Name;
import io.curvine.master.state.view.StateView;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.Pace;
import io.curvine.protocol.proto.Difference;
import io.curvine.protocol.proto.DifferenceKind;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares two states by the inodes that events between them named. A name is a directory's inode
 * and what is called so in it: what lies below a directory that was renamed has the same name as
 * before. For one thread.
 */
final class Comparison {
  /** Inodes that are looked at, and differences found: about 1 KiB each. */
  static final int INODES_MAX = 50_000;

  private static final Comparator<Difference> BY_PATH =
      Comparator.comparing(Difference::getPath, ByteString.unsignedLexicographicalComparator());

  /** What looking at one inode in both states counts for. */
  private static final int INODE_BYTES = 1 << 10;

  private final NamesOf before;
  private final NamesOf after;
  private final ByteString path;
  private final Pace pace;
  private final Set<Long> inodes = new TreeSet<>();
  private final Set<Long> roots = new HashSet<>();
  private final List<Difference> found = new ArrayList<>();

  /**
   * @param path only what is or was there or below; empty: all
   * @param pace ends it by an exception
   */
  Comparison(StateView before, StateView after, PastRights rights, ByteString path, Pace pace) {
    this.before = new NamesOf(before.namespace(), rights);
    this.after = new NamesOf(after.namespace(), rights);
    this.path = path;
    this.pace = pace;
  }

  /** An event between the states. */
  void take(Event event) throws IOException {
    pace.await(event.getSerializedSize());
    Touched.by(event, inodes::add, roots::add);
    requireFew();
  }

  private void touched(long inode) throws CurvineException {
    inodes.add(inode);
    requireFew();
  }

  private void requireFew() throws CurvineException {
    if (inodes.size() > INODES_MAX) {
      throw new CurvineException(
          ErrorCode.UNSUPPORTED,
          "more than "
              + INODES_MAX
              + " entries were changed between the two; allowed: a shorter range");
    }
  }

  /**
   * The differences, by path.
   *
   * @throws CurvineException UNSUPPORTED where there are too many
   */
  List<Difference> differences() throws IOException {
    addWhatWentWithTrees();
    for (long inode : inodes) {
      pace.await(INODE_BYTES);
      compare(before.view().find(inode), after.view().find(inode));
    }
    found.sort(BY_PATH);
    return List.copyOf(found);
  }

  /**
   * What lay below a directory that is not there any more went with it, whatever took the directory
   * away: it may have been moved into a tree that was made later, and deleted with that.
   */
  private void addWhatWentWithTrees() throws IOException {
    Deque<Long> left = new ArrayDeque<>(roots);
    for (long inode : inodes) {
      pace.await(INODE_BYTES);
      if (isGone(before.view().find(inode))) {
        left.add(inode);
      }
    }
    Set<Long> walked = new HashSet<>();
    while (!left.isEmpty()) {
      long directory = left.pop();
      if (!walked.add(directory)) {
        continue;
      }
      List<Long> children = new ArrayList<>();
      before
          .view()
          .children(
              directory,
              ByteString.EMPTY,
              (name, inode) -> {
                children.add(inode);
                return children.size() <= INODES_MAX;
              });
      for (long child : children) {
        pace.await(INODE_BYTES);
        touched(child);
        if (isGone(before.view().require(child))) {
          left.push(child);
        }
      }
    }
  }

  /** A directory that was there and is not. */
  private boolean isGone(Inode was) {
    return was != null && NamespaceView.isDirectory(was) && !after.reaches(was.getId());
  }

  private void compare(Inode was, Inode is) {
    Map<Name, ByteString> old = before.of(was);
    Map<Name, ByteString> now = after.of(is);
    boolean content = was != null && is != null && otherContent(was, is);
    boolean attributes = was != null && is != null && otherAttributes(was, is);
    List<ByteString> gone = new ArrayList<>();
    for (Map.Entry<Name, ByteString> name : old.entrySet()) {
      ByteString same = now.remove(name.getKey());
      if (same == null) {
        gone.add(name.getValue());
      } else if (content || attributes) {
        Difference.Builder changed = difference(DifferenceKind.ENTRY_CHANGED, same, was, is);
        add(changed.setContent(content).setAttributes(attributes), name.getValue());
      }
    }
    Iterator<ByteString> goneOnes = gone.iterator();
    for (ByteString at : now.values()) {
      if (goneOnes.hasNext()) {
        add(
            difference(DifferenceKind.ENTRY_MOVED, at, was, is)
                .setOldPath(goneOnes.next())
                .setContent(content)
                .setAttributes(attributes));
      } else {
        add(difference(DifferenceKind.ENTRY_CREATED, at, null, is));
      }
    }
    goneOnes.forEachRemaining(at -> add(difference(DifferenceKind.ENTRY_GONE, at, was, null)));
  }

  private static Difference.Builder difference(
      DifferenceKind kind, ByteString at, Inode was, Inode is) {
    Difference.Builder difference = Difference.newBuilder().setKind(kind).setPath(at);
    if (was != null) {
      difference.setBefore(was);
    }
    if (is != null) {
      difference.setAfter(is);
    }
    return difference;
  }

  private void add(Difference.Builder difference) {
    add(difference, difference.getOldPath());
  }

  /**
   * Adds it where it is wanted.
   *
   * @param earlier where it was before; empty: as its path
   */
  private void add(Difference.Builder difference, ByteString earlier) {
    boolean wanted =
        path.isEmpty()
            || BytePaths.isAtOrBelow(difference.getPath(), path)
            || (!earlier.isEmpty() && BytePaths.isAtOrBelow(earlier, path));
    if (wanted) {
      found.add(difference.build());
    }
  }

  private static boolean otherContent(Inode was, Inode is) {
    return was.getVersion() != is.getVersion()
        || !was.getSymlinkTarget().equals(is.getSymlinkTarget());
  }

  /** A directory's time changes with every name in it; that of a file is its content's. */
  private boolean otherAttributes(Inode was, Inode is) {
    boolean time =
        !NamespaceView.isDirectory(was)
            && was.getVersion() == is.getVersion()
            && was.getMtimeNanos() != is.getMtimeNanos();
    return time
        || was.getMode() != is.getMode()
        || was.getUid() != is.getUid()
        || was.getGid() != is.getGid()
        || otherXattrs(was, is);
  }

  private boolean otherXattrs(Inode was, Inode is) {
    if (!was.getHasXattrs() && !is.getHasXattrs()) {
      return false;
    }
    List<ByteString> names = before.view().xattrNames(was.getId());
    if (!names.equals(after.view().xattrNames(is.getId()))) {
      return true;
    }
    return names.stream()
        .anyMatch(
            name ->
                !before
                    .view()
                    .xattr(was.getId(), name)
                    .equals(after.view().xattr(is.getId(), name)));
  }
}
