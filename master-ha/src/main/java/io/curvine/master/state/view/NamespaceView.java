/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import com.google.protobuf.ByteString;
import io.curvine.master.state.Codec.Member;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.protocol.proto.BlockRecord;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeOrBuilder;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.LinkedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/** Inodes, names, blocks and attributes. As thread-safe as its reader. */
public final class NamespaceView {
  public static final long ROOT = 1;

  /** The path of the root. */
  public static final ByteString SLASH = ByteString.copyFromUtf8("/");

  private final KvReader reader;

  NamespaceView(KvReader reader) {
    this.reader = reader;
  }

  /** Another name of an inode besides the primary one. */
  public record Name(long parent, ByteString name) {}

  /** Takes one name in a directory and its inode's number; false: enough. */
  @FunctionalInterface
  public interface ChildVisitor {
    boolean visit(ByteString name, long inode);
  }

  /** The inode, or null. */
  public Inode find(long inode) {
    return reader.get(ColumnFamily.INODES, Keys.of(inode));
  }

  /** The inode that something else in the state names; its absence is a broken state. */
  public Inode require(long inode) {
    Inode found = find(inode);
    if (found == null) {
      throw new IllegalStateException("the state names inode " + inode + " and does not have it");
    }
    return found;
  }

  /** The number of the inode at a name, or 0. */
  public long childId(long parent, ByteString name) {
    Long inode = reader.get(ColumnFamily.DENTRIES, Keys.of(parent, name));
    return inode == null ? 0 : inode;
  }

  /** The inode at a name, or null. */
  public Inode child(long parent, ByteString name) {
    long id = childId(parent, name);
    return id == 0 ? null : require(id);
  }

  /**
   * Visits the names of a directory in the order of their bytes.
   *
   * @param after exclusive; empty: from the first
   */
  public void children(long parent, ByteString after, ChildVisitor visitor) {
    Key prefix = Keys.of(parent);
    Key from = after.isEmpty() ? prefix : Keys.successor(Keys.of(parent, after));
    reader.scan(
        ColumnFamily.DENTRIES,
        from,
        Keys.after(prefix),
        (key, inode) -> visitor.visit(Keys.nameAt(key, 8), inode));
  }

  public boolean hasChildren(long directory) {
    boolean[] any = {false};
    children(
        directory,
        ByteString.EMPTY,
        (name, inode) -> {
          any[0] = true;
          return false;
        });
    return any[0];
  }

  /** Names besides the primary one, at most {@code limit}. */
  public List<Name> otherNames(long inode, int limit) {
    List<Name> names = new ArrayList<>();
    Key prefix = Keys.of(inode);
    reader.scan(
        ColumnFamily.LINKS,
        prefix,
        Keys.after(prefix),
        (key, value) -> {
          names.add(new Name(key.longAt(8), Keys.nameAt(key, 16)));
          return names.size() < limit;
        });
    return names;
  }

  /** What the UFS has of a name of a file besides the primary one; the name may be none of its. */
  public LinkedName linked(long inode, Name name) {
    LinkedName linked =
        reader.get(ColumnFamily.LINKS, Keys.link(inode, name.parent(), name.name()));
    return linked == null ? LinkedName.getDefaultInstance() : linked;
  }

  /** Whether the object of a further name has the newest content of its file that the UFS has. */
  public static boolean hasNewest(LinkedName object, InodeOrBuilder file) {
    return object.hasUfs() && object.getExportedVersion() >= file.getExportedVersion();
  }

  /** The record of a block that was written by a client, or null. */
  public BlockRecord block(long inode, int index) {
    return reader.get(ColumnFamily.BLOCKS, Keys.of(inode, index));
  }

  /** Records of the blocks {@code [from, to)}, by index. */
  public Map<Integer, BlockRecord> blocks(long inode, int from, int to) {
    Map<Integer, BlockRecord> found = new TreeMap<>();
    Key end = to == Integer.MAX_VALUE ? Keys.after(Keys.of(inode)) : Keys.of(inode, to);
    reader.scan(
        ColumnFamily.BLOCKS,
        Keys.of(inode, from),
        end,
        (key, record) -> found.put(key.intAt(8), record) == null);
    return found;
  }

  /** Visits all records of blocks from one on, until the visitor has enough. */
  public void scanBlocks(long fromInode, int fromIndex, BlockVisitor visitor) {
    reader.scan(
        ColumnFamily.BLOCKS,
        Keys.of(fromInode, fromIndex),
        null,
        (key, record) -> visitor.visit(key.longAt(0), key.intAt(8), record));
  }

  /** Takes one record; false: enough. */
  @FunctionalInterface
  public interface BlockVisitor {
    boolean visit(long inode, int index, BlockRecord record);
  }

  /** The value, or null. */
  public ByteString xattr(long inode, ByteString name) {
    return reader.get(ColumnFamily.XATTRS, Keys.of(inode, name));
  }

  public List<ByteString> xattrNames(long inode) {
    List<ByteString> names = new ArrayList<>();
    Key prefix = Keys.of(inode);
    reader.scan(
        ColumnFamily.XATTRS,
        prefix,
        Keys.after(prefix),
        (key, value) -> names.add(Keys.nameAt(key, 8)));
    return names;
  }

  /** Whether {@code ancestor} is {@code inode} or lies above it. */
  public boolean isAtOrAbove(long ancestor, long inode) {
    long at = inode;
    while (at != ROOT) {
      if (at == ancestor) {
        return true;
      }
      at = require(at).getParent();
    }
    return ancestor == ROOT;
  }

  /**
   * Whether a directory can be reached from the root; not so where it, or one above it, was deleted
   * with all that it holds and waits to be reaped.
   */
  public boolean isAttached(long directory) {
    for (long at = directory; at != ROOT; ) {
      Inode inode = find(at);
      if (inode == null || childId(inode.getParent(), inode.getName()) != at) {
        return false;
      }
      at = inode.getParent();
    }
    return true;
  }

  /** Path of a directory or of an inode's primary name, from the directory {@code top} down. */
  public ByteString pathBelow(long top, Inode inode) {
    List<ByteString> names = new ArrayList<>();
    for (Inode at = inode; at.getId() != top; at = require(at.getParent())) {
      if (at.getId() == ROOT) {
        throw new IllegalStateException("inode " + inode.getId() + " is not below " + top);
      }
      names.add(0, at.getName());
    }
    return join(names);
  }

  /** The absolute path of an inode's primary name. */
  public ByteString path(Inode inode) {
    return SLASH.concat(pathBelow(ROOT, inode));
  }

  private static ByteString join(List<ByteString> names) {
    ByteString.Output path = ByteString.newOutput();
    for (int i = 0; i < names.size(); i++) {
      if (i > 0) {
        path.write('/');
      }
      byte[] name = names.get(i).toByteArray();
      path.write(name, 0, name.length);
    }
    return path.toByteString();
  }

  /** Directories whose names were loaded from a UFS, above a number, by number. */
  public List<Long> loaded(long afterInode, int limit, LongPredicate filter) {
    return ids(ColumnFamily.LOADED, afterInode + 1, limit, filter);
  }

  private List<Long> ids(ColumnFamily<Member> family, long from, int limit, LongPredicate filter) {
    List<Long> ids = new ArrayList<>();
    reader.scan(
        family,
        Keys.of(from),
        null,
        (key, value) -> {
          long id = key.longAt(0);
          if (filter.test(id)) {
            ids.add(id);
          }
          return ids.size() < limit;
        });
    return ids;
  }

  public static boolean isDirectory(Inode inode) {
    return inode.getType() == InodeType.DIRECTORY;
  }

  public static boolean isFile(Inode inode) {
    return inode.getType() == InodeType.FILE;
  }

  /** Whether it is a fifo, a socket or a device. */
  public static boolean isSpecial(Inode inode) {
    return inode.getType() == InodeType.SPECIAL;
  }
}
