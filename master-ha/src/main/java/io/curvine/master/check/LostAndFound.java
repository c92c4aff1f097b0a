/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.check;

import com.google.protobuf.ByteString;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.Overlay;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.Mount;

/**
 * Where inodes come that have lost their place: a directory in the root of their mount, since an
 * inode is below the root of its mount. For one thread.
 */
final class LostAndFound {
  static final ByteString NAME = ByteString.copyFromUtf8("lost+found");

  private static final int MODE = 0700;

  private final Overlay rows;
  private final Rows view;
  private final long nowNanos;

  LostAndFound(Overlay rows, Rows view, long nowNanos) {
    this.rows = rows;
    this.view = view;
    this.nowNanos = nowNanos;
  }

  /** Gives an inode without a name one there; returns its path, or null where there can be none. */
  String take(Inode lost) {
    Inode top = view.directory(topOf(lost));
    if (top == null) {
      return null;
    }
    ByteString name = ByteString.copyFromUtf8("#" + lost.getId());
    long found = view.at(top.getId(), NAME);
    Inode directory = found == 0 ? make(top) : view.directory(found);
    if (directory == null || view.at(directory.getId(), name) != 0) {
      return null;
    }
    rows.put(ColumnFamily.DENTRIES, Keys.of(directory.getId(), name), lost.getId());
    put(lost.toBuilder().setParent(directory.getId()).setName(name).setCtimeNanos(nowNanos));
    changed(directory, NamespaceView.isDirectory(lost));
    return view.path(view.inode(lost.getId()));
  }

  private long topOf(Inode lost) {
    Mount mount = view.view().mounts().find(lost.getMountId());
    return mount == null ? NamespaceView.ROOT : mount.getRootInode();
  }

  private Inode make(Inode top) {
    long id = view.view().meta().get(Counter.LAST_INODE) + 1;
    Inode made =
        Inode.newBuilder()
            .setId(id)
            .setType(InodeType.DIRECTORY)
            .setMode(MODE)
            .setNlink(2)
            .setParent(top.getId())
            .setName(NAME)
            .setMountId(top.getMountId())
            .setAtimeNanos(nowNanos)
            .setMtimeNanos(nowNanos)
            .setCtimeNanos(nowNanos)
            .build();
    put(made.toBuilder());
    rows.put(ColumnFamily.DENTRIES, Keys.of(top.getId(), NAME), id);
    rows.put(ColumnFamily.META, Counter.LAST_INODE.key(), id);
    rows.put(
        ColumnFamily.META,
        Counter.INODE_COUNT.key(),
        view.view().meta().get(Counter.INODE_COUNT) + 1);
    changed(top, true);
    return made;
  }

  /** The directory has one entry more. */
  private void changed(Inode directory, boolean subdirectory) {
    Inode now = view.inode(directory.getId());
    put(
        now.toBuilder()
            .setNlink(now.getNlink() + (subdirectory ? 1 : 0))
            .setMtimeNanos(nowNanos)
            .setCtimeNanos(nowNanos));
  }

  private void put(Inode.Builder inode) {
    rows.put(ColumnFamily.INODES, Keys.of(inode.getId()), inode.build());
  }
}
