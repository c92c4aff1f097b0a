/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse;

import com.google.protobuf.ByteString;
import io.curvine.fuse.cache.MetadataCache;
import io.curvine.fuse.kernel.KernelCache;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.InodeType;

/** A cache of names and inodes that forgets what a change makes untrue. Thread-safe. */
abstract class Forgetter {
  /** Where a name in a directory leads, and the directory's attributes. */
  abstract void name(long directory, ByteString name);

  abstract void attributes(long inode);

  abstract void content(long inode);

  /** The UFS has the content now; false where that is of no consequence. */
  abstract boolean exported(long inode);

  /** More has changed than can be told. */
  abstract void all();

  /**
   * Forgets it.
   *
   * @param own this mount made the change, with all that follows from it
   * @return false where it changes nothing that is cached
   */
  final boolean told(Change change, boolean own) {
    switch (change.getType()) {
      case CREATED -> nameIn(change.getParent(), change.getPath());
      case LINKED -> {
        nameIn(change.getParent(), change.getPath());
        attributes(change.getInode());
      }
      case DELETED -> {
        nameIn(change.getParent(), change.getPath());
        attributes(change.getInode());
        if (change.getKind() == InodeType.DIRECTORY && !own) {
          all(); // what was below it went with it
        }
      }
      case RENAMED -> {
        nameIn(change.getOldParent(), change.getOldPath());
        nameIn(change.getParent(), change.getPath());
        attributes(change.getInode());
      }
      case WRITTEN, TRUNCATED -> content(change.getInode());
      case ATTRIBUTES_CHANGED, XATTR_CHANGED -> attributes(change.getInode());
      case MOUNTED, UNMOUNTED -> {
        attributes(change.getInode());
        all();
      }
      case PERSISTED -> {
        return exported(change.getInode());
      }
      case WRITE_WANTED, CHANGE_UNSPECIFIED, UNRECOGNIZED -> {
        return false;
      }
    }
    return true;
  }

  private void nameIn(long directory, ByteString path) {
    if (directory == 0) { // a master of an older version does not say
      all();
    } else {
      name(directory, path.substring(slash(path) + 1));
    }
  }

  private static int slash(ByteString path) {
    int at = path.size() - 1;
    while (at >= 0 && path.byteAt(at) != '/') {
      at--;
    }
    return at;
  }

  /** What the mount remembers. */
  static final class Memory extends Forgetter {
    private final MetadataCache cache;

    Memory(MetadataCache cache) {
      this.cache = cache;
    }

    @Override
    void name(long directory, ByteString name) {
      cache.forget(directory, name);
    }

    @Override
    void attributes(long inode) {
      cache.forget(inode);
    }

    @Override
    void content(long inode) {
      cache.forget(inode); // its length and times
    }

    /** By that a file takes more or less room. */
    @Override
    boolean exported(long inode) {
      cache.forget(inode);
      return true;
    }

    @Override
    void all() {
      cache.forgetAll();
    }
  }

  /** What the kernel has; what it cannot be told expires by its timeouts. */
  static final class Kernel extends Forgetter {
    private final KernelCache cache;

    Kernel(KernelCache cache) {
      this.cache = cache;
    }

    @Override
    void name(long directory, ByteString name) {
      cache.forget(directory, name);
    }

    @Override
    void attributes(long inode) {
      cache.forget(inode);
    }

    @Override
    void content(long inode) {
      cache.forgetContent(inode);
    }

    @Override
    boolean exported(long inode) {
      return false;
    }

    @Override
    void all() {}
  }
}
