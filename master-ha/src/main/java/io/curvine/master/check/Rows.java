/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.check;

import com.google.protobuf.ByteString;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.StateView;
import io.curvine.master.tool.Text;
import io.curvine.protocol.proto.Inode;
import java.util.HashSet;
import java.util.Set;

/**
 * A state that may contradict itself, as checks read it: what is missing is null and no failure.
 * For one thread.
 */
final class Rows {
  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  private static final int KEPT_INODES = 1 << 12;

  /** A longer path is not one that anybody made. */
  private static final int DEPTH_MAX = 4_096;

  /** The end of a longer path is shown: thousands of findings go into one answer. */
  private static final int SHOWN_BYTES = 512;

  private final KvReader reader;
  private final StateView view;

  /** Inodes that were read, by the last bits of their numbers; null: the state changes. */
  private final Inode[] kept;

  private long lookups;

  private Rows(KvReader reader, Inode[] kept) {
    this.reader = reader;
    this.view = new StateView(reader);
    this.kept = kept;
  }

  /** A state that does not change. */
  static Rows frozen(KvReader reader) {
    return new Rows(reader, new Inode[KEPT_INODES]);
  }

  /** A state that changes between checks. */
  static Rows changing(KvReader reader) {
    return new Rows(reader, null);
  }

  StateView view() {
    return view;
  }

  /** How often something was searched for. */
  long lookups() {
    return lookups;
  }

  boolean has(ColumnFamily<?> family, Key key) {
    lookups++;
    return reader.get(family, key) != null;
  }

  <V> V get(ColumnFamily<V> family, Key key) {
    lookups++;
    return reader.get(family, key);
  }

  /** Whether the family has rows whose key begins with this inode. */
  boolean hasBelow(ColumnFamily<?> family, long inode) {
    lookups++;
    boolean[] found = {false};
    Key prefix = Keys.of(inode);
    reader.scan(
        family,
        prefix,
        Keys.after(prefix),
        (key, value) -> {
          found[0] = true;
          return false;
        });
    return found[0];
  }

  KvReader reader() {
    return reader;
  }

  /** The inode, or null. */
  Inode inode(long id) {
    int place = (int) (id & (KEPT_INODES - 1));
    if (kept != null && kept[place] != null && kept[place].getId() == id) {
      return kept[place];
    }
    lookups++;
    Inode found = view.namespace().find(id);
    if (kept != null && found != null) {
      kept[place] = found;
    }
    return found;
  }

  /** The inode where it is a directory, else null. */
  Inode directory(long id) {
    Inode found = inode(id);
    return found != null && NamespaceView.isDirectory(found) ? found : null;
  }

  /** The inode at a name; 0 where there is no such name. */
  long at(long parent, ByteString name) {
    lookups++;
    return view.namespace().childId(parent, name);
  }

  /** Whether a mount's root is this inode. */
  boolean isMountRoot(Inode inode) {
    return view.mounts().rootedAt(inode) != null;
  }

  /** Whether the inode's primary name leads to it. */
  boolean isNamed(Inode inode) {
    return at(inode.getParent(), inode.getName()) == inode.getId();
  }

  /** The path of a name; empty where the root does not lead there. */
  ByteString rawPath(long parent, ByteString name) {
    ByteString path = SLASH.concat(name);
    Set<Long> passed = new HashSet<>();
    for (long at = parent; at != NamespaceView.ROOT; ) {
      Inode directory = inode(at);
      if (directory == null || !passed.add(at) || passed.size() > DEPTH_MAX) {
        return ByteString.EMPTY;
      }
      path = SLASH.concat(directory.getName()).concat(path);
      at = directory.getParent();
    }
    return path;
  }

  /** The path of an inode's primary name; empty where the root does not lead there. */
  ByteString rawPath(Inode inode) {
    return inode.getId() == NamespaceView.ROOT
        ? SLASH
        : rawPath(inode.getParent(), inode.getName());
  }

  /** As {@link #rawPath}, for people. */
  String path(long parent, ByteString name) {
    return text(rawPath(parent, name));
  }

  /** As {@link #rawPath}, for people. */
  String path(Inode inode) {
    return text(rawPath(inode));
  }

  private static String text(ByteString path) {
    return path.size() <= SHOWN_BYTES
        ? Text.of(path)
        : "..." + Text.of(path.substring(path.size() - SHOWN_BYTES));
  }
}
