/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.Inode;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The names of inodes in one state, with their paths, as far as a principal may see them. Remembers
 * the directories that it has met. For one thread.
 */
final class NamesOf {
  private static final int DIRECTORIES_MAX = 1 << 17;
  private static final ByteString NOWHERE = ByteString.EMPTY;

  private final NamespaceView names;
  private final PastRights rights;

  /** Paths of directories; nowhere: not reached from the root, or not to be seen. */
  private final Map<Long, ByteString> directories = new HashMap<>();

  NamesOf(NamespaceView names, PastRights rights) {
    this.names = names;
    this.rights = rights;
  }

  NamespaceView view() {
    return names;
  }

  /** Each name by the directory that it is in, with its path; of an inode that is there. */
  Map<NamespaceView.Name, ByteString> of(Inode inode) {
    Map<NamespaceView.Name, ByteString> found =
        new TreeMap<>(
            java.util.Comparator.comparingLong(NamespaceView.Name::parent)
                .thenComparing(
                    NamespaceView.Name::name, ByteString.unsignedLexicographicalComparator()));
    if (inode == null) {
      return found;
    }
    if (inode.getId() == NamespaceView.ROOT) {
      found.put(new NamespaceView.Name(0, ByteString.EMPTY), NamespaceView.SLASH);
      return found;
    }
    add(new NamespaceView.Name(inode.getParent(), inode.getName()), inode, found);
    if (!NamespaceView.isDirectory(inode) && inode.getNlink() > 1) {
      for (NamespaceView.Name name : names.otherNames(inode.getId(), Limits.LINK_MAX)) {
        add(name, inode, found);
      }
    }
    return found;
  }

  private void add(
      NamespaceView.Name name, Inode inode, Map<NamespaceView.Name, ByteString> found) {
    if (names.childId(name.parent(), name.name()) == inode.getId()
        && (rights.owns(inode.getUid()) || mayList(name.parent()))) {
      ByteString above = directory(name.parent());
      if (!above.equals(NOWHERE)) {
        found.put(name, BytePaths.child(above, name.name()));
      }
    }
  }

  /** Whoever may only search a directory learns no names of others from it. */
  private boolean mayList(long directory) {
    Inode inode = names.find(directory);
    return inode != null && rights.may(inode, PastRights.READ);
  }

  /** Whether a directory can be reached from the root, and seen. */
  boolean reaches(long directory) {
    return !directory(directory).equals(NOWHERE);
  }

  private ByteString directory(long id) {
    ByteString known = directories.get(id);
    if (known != null) {
      return known;
    }
    ByteString found = find(id);
    if (directories.size() >= DIRECTORIES_MAX) {
      directories.clear();
    }
    directories.put(id, found);
    return found;
  }

  private ByteString find(long id) {
    Inode inode = names.find(id);
    if (inode == null || !rights.may(inode, PastRights.SEARCH)) {
      return NOWHERE;
    }
    if (id == NamespaceView.ROOT) {
      return NamespaceView.SLASH;
    }
    if (names.childId(inode.getParent(), inode.getName()) != id) {
      return NOWHERE;
    }
    ByteString above = directory(inode.getParent());
    return above.equals(NOWHERE) ? NOWHERE : BytePaths.child(above, inode.getName());
  }
}
