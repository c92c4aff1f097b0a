/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.StateView;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Mount;
import io.curvine.ufs.change.ChangeHint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be looked at in a UFS because of hints. A name that the namespace does not hold
 * because nobody has asked for it needs no look, nor does content that is known at the version of
 * the hint.
 *
 * @param looks each name once, a directory before what is in it
 * @param trees paths below which all that is loaded may differ
 * @param directories those that hints end in, by inode, with their paths: a listing of one that is
 *     under way may be from before the hint
 */
record LookPlan(List<Look> looks, List<String> trees, Map<Long, String> directories) {
  LookPlan {
    looks = List.copyOf(looks);
    trees = List.copyOf(trees);
    directories = Map.copyOf(directories);
  }

  /**
   * One name to look at.
   *
   * @param directory the inode that holds it, or would
   * @param path in the location
   */
  record Look(long directory, ByteString name, String path) {}

  /** The hints of one mount, as the namespace is now. */
  static LookPlan of(Mount mount, List<ChangeHint> hints, StateView state) {
    Map<String, Look> looks = new LinkedHashMap<>();
    List<String> trees = new ArrayList<>();
    Map<Long, String> directories = new HashMap<>();
    for (ChangeHint hint : hints) {
      Optional<Look> look = look(mount, hint, state, directories);
      look.ifPresent(each -> looks.put(each.path(), each));
      if (hint.tree() && (hint.path().isEmpty() || holdsLoaded(look, hint, state))) {
        trees.add(hint.path());
      }
    }
    List<Look> sorted = new ArrayList<>(looks.values());
    sorted.sort(Comparator.comparing(Look::path));
    return new LookPlan(sorted, trees, directories);
  }

  /** What to look at for one path; empty where the namespace has nothing that could be wrong. */
  private static Optional<Look> look(
      Mount mount, ChangeHint hint, StateView state, Map<Long, String> directories) {
    NamespaceView names = state.namespace();
    Inode at = names.find(mount.getRootInode());
    int from = 0;
    String path = hint.path();
    while (at != null && from < path.length()) {
      int slash = path.indexOf('/', from);
      int end = slash < 0 ? path.length() : slash;
      ByteString name = ByteString.copyFromUtf8(path.substring(from, end));
      Inode child = NamespaceView.isDirectory(at) ? names.child(at.getId(), name) : null;
      // A listing that has not come to its end has left names, too.
      if (!NamespaceView.isDirectory(at) || (child == null && !at.getNamesLoaded())) {
        directories.put(at.getId(), path.substring(0, Math.max(0, from - 1)));
        return Optional.empty();
      }
      boolean last = end == path.length();
      if (child != null && child.getMountId() != mount.getId()) {
        return Optional.empty(); // another mount's
      }
      if (last || child == null || !NamespaceView.isDirectory(child)) {
        directories.put(at.getId(), path.substring(0, Math.max(0, from - 1)));
        if (child != null && NamespaceView.isDirectory(child)) {
          directories.put(child.getId(), path); // which a listing may find gone
        }
        boolean known = last && child != null && isKnown(child, hint);
        return known
            ? Optional.empty()
            : Optional.of(new Look(at.getId(), name, path.substring(0, end)));
      }
      at = child;
      from = end + 1;
    }
    return Optional.empty();
  }

  private static boolean isKnown(Inode file, ChangeHint hint) {
    return !hint.version().isEmpty()
        && NamespaceView.isFile(file)
        && file.hasUfs()
        && file.getUfs().getVersion().equals(hint.version());
  }

  private static boolean holdsLoaded(Optional<Look> look, ChangeHint hint, StateView state) {
    if (look.isEmpty() || !look.get().path().equals(hint.path())) {
      return false;
    }
    Inode found = state.namespace().child(look.get().directory(), look.get().name());
    return found != null && NamespaceView.isDirectory(found) && found.getNamesLoaded();
  }
}
