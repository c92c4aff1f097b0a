/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.cache;

import com.google.protobuf.ByteString;
import io.curvine.fuse.vfs.RecentChanges;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Inodes that were seen and did not change since, by the name they have. Whoever learns of a change
 * has them forgotten. An inode of several names is not kept: a change by one of them does not say
 * what the others are.
 *
 * <p>Thread-safe. Bounded: where it is full, some go.
 */
public final class MetadataCache {
  private static final int ENTRIES_MAX = 100_000;

  /** Those that go at once where it is full. */
  private static final int DROPPED = ENTRIES_MAX / 16;

  private final RecentChanges changes = new RecentChanges();
  private final ConcurrentHashMap<Name, Kept> inodes = new ConcurrentHashMap<>();

  /** Where in {@link #inodes} an inode is; each that is there is here, too. */
  private final ConcurrentHashMap<Long, Name> names = new ConcurrentHashMap<>();

  private record Name(long directory, ByteString name) {}

  /**
   * An inode as it was seen.
   *
   * @param seenNanos when, by {@link System#nanoTime}
   */
  public record Kept(Inode inode, long seenNanos) {}

  /** To be taken before an inode is fetched that is to be kept. */
  public long now() {
    return changes.now();
  }

  /** Null: it is not known. */
  public Kept find(long directory, ByteString name) {
    return inodes.get(new Name(directory, name));
  }

  /** Null: it is not known. */
  public Kept find(long inode) {
    Name name = names.get(inode);
    Kept kept = name == null ? null : inodes.get(name);
    return kept == null || kept.inode.getId() != inode ? null : kept;
  }

  /** The same of an inode that was fetched by its number. */
  public void keep(Inode inode, long before) {
    keep(inode.getParent(), inode.getName(), inode, before);
  }

  /**
   * Keeps an inode, unless it may have changed since it was asked for.
   *
   * @param before {@link #now} before it was asked for
   */
  public void keep(long directory, ByteString name, Inode inode, long before) {
    boolean onlyName = inode.getType() == InodeType.DIRECTORY || inode.getNlink() == 1;
    if (!onlyName || inode.getParent() != directory || !inode.getName().equals(name)) {
      return;
    }
    if (inodes.size() >= ENTRIES_MAX) {
      dropSome();
    }
    long id = inode.getId();
    Kept kept = new Kept(inode, System.nanoTime());
    inodes.compute(
        new Name(directory, name),
        (at, known) -> {
          // It says where it is before it looks for a change, as who changes it does the reverse.
          Name already = names.putIfAbsent(id, at);
          if (already != null && !already.equals(at)) {
            return known; // it was renamed, of which nobody has told yet
          }
          if (changes.changedSince(id, before) || changes.changedSince(directory, before)) {
            if (already == null) {
              names.remove(id, at);
            }
            return known;
          }
          if (known != null && known.inode.getId() != id) {
            names.remove(known.inode.getId(), at);
          }
          return kept;
        });
  }

  /** The inode has changed. */
  public void forget(long inode) {
    changes.mark(inode);
    Name name = names.get(inode);
    if (name != null) {
      drop(name);
    }
  }

  /** The name leads elsewhere now, and the directory has changed with it. */
  public void forget(long directory, ByteString name) {
    forget(directory);
    drop(new Name(directory, name));
  }

  /** Anything may have changed. */
  public void forgetAll() {
    changes.markAll();
    inodes.keySet().forEach(this::drop);
  }

  private void drop(Name name) {
    inodes.computeIfPresent(
        name,
        (at, known) -> {
          names.remove(known.inode.getId(), at);
          return null;
        });
  }

  private void dropSome() {
    Iterator<Name> some = inodes.keySet().iterator();
    for (int i = 0; i < DROPPED && some.hasNext(); i++) {
      drop(some.next());
    }
  }

  int size() {
    return inodes.size();
  }
}
