/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.check;

import com.google.protobuf.ByteString;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.Overlay;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.LinkedName;

/** Mends names and what they lead to. For one thread. */
final class TreeRepairs {
  private final Overlay changes;
  private final Rows rows;
  private final LostAndFound lostAndFound;

  TreeRepairs(Overlay changes, Rows rows, long nowNanos) {
    this.changes = changes;
    this.rows = rows;
    this.lostAndFound = new LostAndFound(changes, rows, nowNanos);
  }

  void put(Inode.Builder inode) {
    changes.put(ColumnFamily.INODES, Keys.of(inode.getId()), inode.build());
  }

  /** A name of an inode that does not know it. */
  void unknownName(Key key, Inode inode, TreeChecks checks) {
    long parent = key.longAt(0);
    ByteString name = Keys.nameAt(key, Long.BYTES);
    if (!checks.isAdopted(inode, rows.directory(parent))) {
      changes.delete(ColumnFamily.DENTRIES, key);
    } else if (!checks.isNamedOrDeleted(inode)) {
      put(inode.toBuilder().setParent(parent).setName(name));
    } else {
      changes.put(
          ColumnFamily.LINKS,
          Keys.link(inode.getId(), parent, name),
          LinkedName.getDefaultInstance());
      put(inode.toBuilder().setNlink(1 + checks.links(inode.getId())));
    }
  }

  /**
   * Gives an inode that no name leads to its name back, or another one that it has, or a new one.
   */
  String nameless(Inode inode, TreeChecks checks) {
    if (checks.isPlaceFree(inode)) {
      changes.put(
          ColumnFamily.DENTRIES, Keys.of(inode.getParent(), inode.getName()), inode.getId());
      return "it is at " + rows.path(inode);
    }
    NamespaceView.Name heir = checks.heir(inode);
    if (heir == null) {
      String path = lostAndFound.take(inode);
      return path == null ? null : "it is at " + path;
    }
    changes.delete(ColumnFamily.LINKS, Keys.link(inode.getId(), heir.parent(), heir.name()));
    put(
        inode.toBuilder()
            .setParent(heir.parent())
            .setName(heir.name())
            .setNlink(Math.max(1, inode.getNlink() - 1)));
    return "it is at " + rows.path(heir.parent(), heir.name());
  }

  /** Takes a directory out of a loop. */
  String loop(Inode directory) {
    Key name = Keys.of(directory.getParent(), directory.getName());
    changes.delete(ColumnFamily.DENTRIES, name);
    String path = lostAndFound.take(directory);
    if (path == null) {
      changes.put(ColumnFamily.DENTRIES, name, directory.getId());
      return null;
    }
    return "it is at " + path;
  }
}
