/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.SetAttributes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Attributes and extended attributes of what lost its last name by this mount while programs may
 * have it open. The cluster has nothing of it any more, so they live here. Thread-safe by its
 * monitor.
 */
final class Nameless {
  /** Of names and values, in the memory of the mount. */
  private static final long XATTRS_MAX_BYTES = 1 << 20;

  private final Map<ByteString, ByteString> xattrs = new LinkedHashMap<>();
  private Inode inode;

  private Nameless(Inode inode) {
    this.inode = inode;
  }

  /** A copy of all there is of an inode that still has a name, for when that is gone. */
  static Nameless copyOf(Inode inode, Backend backend) throws IOException {
    Nameless copy = new Nameless(inode);
    if (inode.getHasXattrs()) {
      for (ByteString name : backend.xattrs(Caller.ROOT, inode.getId())) {
        copy.copyXattr(name, backend);
      }
    }
    return copy;
  }

  /** Another mount may take it away just now. */
  private void copyXattr(ByteString name, Backend backend) throws IOException {
    try {
      xattrs.put(name, backend.xattr(Caller.ROOT, inode.getId(), name));
    } catch (IOException e) {
      if (Errno.of(e) != Errno.ENODATA) {
        throw e;
      }
    }
  }

  /** The last name went, which is a change. */
  synchronized Nameless lostName() {
    changed();
    inode = inode.toBuilder().setNlink(0).build();
    return this;
  }

  synchronized Inode inode() {
    return inode;
  }

  synchronized Inode change(SetAttributes change) {
    inode = ChangedInode.of(inode, change).build();
    return inode;
  }

  /**
   * The content was changed.
   *
   * @param dropSetId the set-user-id and set-group-id bits go with it
   */
  synchronized void written(boolean dropSetId) {
    int mode = inode.getMode();
    long now = Clock.nowOrLater(inode.getCtimeNanos());
    inode =
        inode.toBuilder()
            .setMode(dropSetId ? OpenFile.withoutSetId(mode) : mode)
            .setMtimeNanos(now)
            .setCtimeNanos(now)
            .build();
  }

  synchronized ByteString xattr(ByteString name) throws ErrnoException {
    ByteString value = xattrs.get(name);
    if (value == null) {
      throw missing();
    }
    return value;
  }

  synchronized List<ByteString> xattrs() {
    return List.copyOf(xattrs.keySet());
  }

  /** As {@link Xattrs#set} has it. */
  synchronized void setXattr(ByteString name, ByteString value, boolean create, boolean replace)
      throws ErrnoException {
    boolean exists = xattrs.containsKey(name);
    if (create && exists) {
      throw new ErrnoException(Errno.EEXIST, "the attribute exists");
    }
    if (replace && !exists) {
      throw missing();
    }
    long others =
        xattrs.entrySet().stream()
            .filter(each -> !each.getKey().equals(name))
            .mapToLong(each -> (long) each.getKey().size() + each.getValue().size())
            .sum();
    if (others + name.size() + value.size() > XATTRS_MAX_BYTES) {
      throw new ErrnoException(
          Errno.ENOSPC, "attributes of a file without a name take up to " + XATTRS_MAX_BYTES);
    }
    xattrs.put(name, value);
    changed();
  }

  synchronized void removeXattr(ByteString name) throws ErrnoException {
    if (xattrs.remove(name) == null) {
      throw missing();
    }
    changed();
  }

  private void changed() {
    inode = ChangedInode.of(inode, SetAttributes.getDefaultInstance()).build();
  }

  private static ErrnoException missing() {
    return new ErrnoException(Errno.ENODATA, "there is no such attribute");
  }
}
