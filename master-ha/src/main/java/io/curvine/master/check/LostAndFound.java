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
import io.curvine.protocol.proto.MountMode;
import java.util.List;

/**
 * Where inodes come that have lost their place: a directory in the root of their mount, since an
 * inode is below the root of its mount. For one thread.
 */
final class LostAndFound {
  static final ByteString NAME = ByteString.copyFromUtf8("lost+found");

  private static final int MODE = 0700;

  /** A new inode has nothing in any of them. */
  private static final List<ColumnFamily<?>> OF_INODES =
      List.of(
          ColumnFamily.INODES,
          ColumnFamily.DENTRIES,
          ColumnFamily.LINKS,
          ColumnFamily.BLOCKS,
          ColumnFamily.XATTRS,
          ColumnFamily.LOADED);

  private final Overlay rows;
  private final Rows view;
  private final long nowNanos;

  LostAndFound(Overlay rows, Rows view, long nowNanos) {
    this.rows = rows;
    this.view = view;
    this.nowNanos = nowNanos;
  }

  /** Why an inode cannot come there; empty where it can. */
  static String refusal(Inode lost, Rows view) {
    Mount mount = view.view().mounts().find(lost.getMountId());
    Inode top = view.directory(topOf(mount));
    if (mount != null && mount.getMode() == MountMode.CACHE) {
      return "the names of its mount come from the UFS, so a reconcile would delete it from "
          + NAME.toStringUtf8();
    }
    if (top == null || top.getMountId() != lost.getMountId() || top.getId() == lost.getId()) {
      return "there is no directory of its mount for " + NAME.toStringUtf8();
    }
    return "";
  }

  /** Gives an inode without a name one there; returns its path, or null where there can be none. */
  String take(Inode lost) {
    if (!refusal(lost, view).isEmpty()) {
      return null;
    }
    Inode top = view.directory(topOf(view.view().mounts().find(lost.getMountId())));
    ByteString name = ByteString.copyFromUtf8("#" + lost.getId());
    long found = view.at(top.getId(), NAME);
    Inode directory = found == 0 ? make(top) : view.directory(found);
    if (directory == null
        || directory.getMountId() != lost.getMountId()
        || view.at(directory.getId(), name) != 0) {
      return null;
    }
    rows.put(ColumnFamily.DENTRIES, Keys.of(directory.getId(), name), lost.getId());
    put(lost.toBuilder().setParent(directory.getId()).setName(name).setCtimeNanos(nowNanos));
    changed(directory, NamespaceView.isDirectory(lost));
    return view.path(view.inode(lost.getId()));
  }

  private static long topOf(Mount mount) {
    return mount == null ? NamespaceView.ROOT : mount.getRootInode();
  }

  /** Null where the next number belongs to something already: the counter is mended first. */
  private Inode make(Inode top) {
    long id = view.view().meta().get(Counter.LAST_INODE) + 1;
    if (id <= NamespaceView.ROOT
        || OF_INODES.stream().anyMatch(family -> view.hasBelow(family, id))) {
      return null;
    }
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
