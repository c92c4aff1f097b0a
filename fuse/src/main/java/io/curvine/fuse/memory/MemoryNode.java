/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.memory;

import com.google.protobuf.ByteString;
import io.curvine.fuse.vfs.Caller;
import io.curvine.fuse.vfs.Clock;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.util.Map;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * An inode with what is in it. It is changed by one thread at a time, and looked at by any number.
 */
final class MemoryNode {
  private final Map<ByteString, MemoryNode> children = new ConcurrentHashMap<>();
  private final NavigableSet<ByteString> names =
      new ConcurrentSkipListSet<>(ByteString.unsignedLexicographicalComparator());
  private final MemoryContent content;
  private volatile Inode inode;

  MemoryNode(Inode inode, MemoryContent content) {
    this.inode = inode;
    this.content = content;
  }

  static Inode.Builder fresh(long id, InodeType type, Caller owner, int mode) {
    long now = Clock.nowNanos();
    return Inode.newBuilder()
        .setId(id)
        .setType(type)
        .setMode(mode)
        .setUid(owner.uid())
        .setGid(owner.gid())
        .setNlink(type == InodeType.DIRECTORY ? 2 : 1)
        .setAtimeNanos(now)
        .setMtimeNanos(now)
        .setCtimeNanos(now);
  }

  Inode inode() {
    return inode;
  }

  MemoryContent content() {
    return content;
  }

  boolean isDirectory() {
    return inode.getType() == InodeType.DIRECTORY;
  }

  boolean isEmpty() {
    return children.isEmpty();
  }

  /** Of that name; null: none. */
  MemoryNode child(ByteString name) {
    return children.get(name);
  }

  /** After a name, ascending as bytes. */
  Iterable<ByteString> namesAfter(ByteString name) {
    return names.tailSet(name, false);
  }

  /** Puts it in the place of what has the name. */
  void put(ByteString name, MemoryNode child) {
    children.put(name, child);
    names.add(name);
    touch(child.isDirectory() ? 1 : 0);
  }

  void remove(ByteString name, MemoryNode child) {
    names.remove(name);
    children.remove(name);
    touch(child.isDirectory() ? -1 : 0);
  }

  void set(Inode.Builder changed) {
    inode = changed.setCtimeNanos(Clock.nowNanos()).build();
  }

  /** It has names more, or fewer. */
  void links(int more) {
    set(inode.toBuilder().setNlink(inode.getNlink() + more));
  }

  private void touch(int links) {
    set(inode.toBuilder().setNlink(inode.getNlink() + links).setMtimeNanos(Clock.nowNanos()));
  }

  /**
   * Attributes follow the content.
   *
   * @param modifiedNanos when that was changed; 0: the times stay
   */
  void publish(long modifiedNanos) {
    Inode.Builder published =
        inode.toBuilder().setLengthBytes(content.length()).setVersion(inode.getVersion() + 1);
    if (modifiedNanos != 0) {
      published
          .setMtimeNanos(modifiedNanos)
          .setCtimeNanos(Math.max(inode.getCtimeNanos(), modifiedNanos));
    }
    inode = published.build();
  }
}
