/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import com.google.protobuf.ByteString;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.protocol.TrashNames;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.WritePolicy;
import java.util.ArrayList;
import java.util.List;

/** The mount table. As thread-safe as its reader. */
public final class MountsView {
  private final KvReader reader;
  private final NamespaceView namespace;

  MountsView(KvReader reader, NamespaceView namespace) {
    this.reader = reader;
    this.namespace = namespace;
  }

  /** The mount, or null; 0 names none. */
  public Mount find(int id) {
    return id == 0 ? null : reader.get(ColumnFamily.MOUNTS, Keys.of(id));
  }

  public List<Mount> all() {
    List<Mount> mounts = new ArrayList<>();
    reader.scan(ColumnFamily.MOUNTS, Keys.EMPTY, null, (key, mount) -> mounts.add(mount));
    return mounts;
  }

  /** The mount whose root this inode is, or null. */
  public Mount rootedAt(Inode inode) {
    Mount mount = find(inode.getMountId());
    return mount != null && mount.getRootInode() == inode.getId() ? mount : null;
  }

  /** The directory at the top of a mount; of the namespace, for 0. */
  public long top(int mountId) {
    Mount mount = find(mountId);
    return mount == null ? NamespaceView.ROOT : mount.getRootInode();
  }

  /** Whether a directory holds what was deleted of its mount, or of the namespace. */
  public boolean isTrash(Inode directory) {
    return directory.getName().equals(TrashNames.DIRECTORY)
        && directory.getParent() == top(directory.getMountId());
  }

  /** Whether an entry is in a trash, or is one. */
  public boolean isInTrash(Inode entry) {
    Inode at = entry;
    while (at != null && at.getId() != NamespaceView.ROOT) {
      if (isTrash(at)) {
        return true;
      }
      at = namespace.find(at.getParent());
    }
    return false;
  }

  /** The mount that holds the inode if changes there go to the UFS, else null. */
  public Mount exporting(int mountId) {
    Mount mount = find(mountId);
    return mount != null && exports(mount) ? mount : null;
  }

  /** Whether changes under the mount go to the UFS. */
  public static boolean exports(Mount mount) {
    return !mount.getReadOnly() && mount.getWritePolicy() != WritePolicy.NEVER;
  }

  /** Path of an inode's primary name in the UFS, relative to the mount's root. */
  public ByteString ufsPath(Mount mount, Inode inode) {
    return namespace.pathBelow(mount.getRootInode(), inode);
  }

  /** Path in the UFS of a name in a directory. */
  public ByteString ufsPath(Mount mount, Inode directory, ByteString name) {
    ByteString above = ufsPath(mount, directory);
    return above.isEmpty() ? name : above.concat(SLASH).concat(name);
  }

  /** Whether the names of this directory are yet to be asked of the UFS. */
  public boolean namesMissing(Inode directory) {
    if (directory.getNamesLoaded() || directory.getMountId() == 0) {
      return false;
    }
    Mount mount = find(directory.getMountId());
    return mount != null && mount.getMode() == MountMode.CACHE;
  }

  private static final ByteString SLASH = ByteString.copyFromUtf8("/");
}
