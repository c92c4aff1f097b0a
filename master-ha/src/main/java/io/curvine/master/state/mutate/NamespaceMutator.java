/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.mutate;

import com.google.protobuf.ByteString;
import io.curvine.master.state.Codec.Member;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.master.state.KvWriter;
import io.curvine.master.state.Overlay;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.InodeNumbers;
import io.curvine.protocol.proto.BlockRecord;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.LinkedName;
import io.curvine.protocol.proto.WriteLease;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes inodes, names, blocks, attributes and leases. Keeps link counts, the inode count and
 * quotas.
 */
public final class NamespaceMutator {
  private final KvReader reader;
  private final KvWriter writer;
  private final NamespaceView view;
  private final MetaMutator meta;
  private final QuotasMutator quotas;
  private final PoliciesMutator policies;

  NamespaceMutator(
      Overlay overlay,
      NamespaceView view,
      MetaMutator meta,
      QuotasMutator quotas,
      PoliciesMutator policies) {
    this.reader = overlay;
    this.writer = overlay;
    this.view = view;
    this.meta = meta;
    this.quotas = quotas;
    this.policies = policies;
  }

  /** Replaces the stored inode of that number. */
  public void put(Inode inode) {
    writer.put(ColumnFamily.INODES, Keys.of(inode.getId()), inode);
  }

  /** Replaces the stored file by one that may have another length. */
  public void resize(Inode before, Inode after) {
    quotas.charge(after.getParent(), after.getLengthBytes() - before.getLengthBytes(), 0);
    put(after);
  }

  /** Adds an inode at its primary name; the parent's times and link count follow. */
  public void add(Inode inode, long timeNanos) {
    // That of a command is as unique as its session and number.
    boolean counted = !InodeNumbers.isOfCommand(inode.getId());
    if (counted && inode.getId() <= meta.count(Counter.LAST_INODE)) {
      throw new IllegalStateException("inode number " + inode.getId() + " was given before");
    }
    put(inode);
    meta.add(Counter.INODE_COUNT, 1);
    if (counted) {
      meta.raise(Counter.LAST_INODE, inode.getId());
    }
    if (inode.hasLease()) {
      writer.put(
          ColumnFamily.LEASES,
          Keys.of(inode.getLease().getSessionId(), inode.getId()),
          Member.MEMBER);
    }
    if (inode.getNamesLoaded()) {
      addLoaded(inode.getId());
    }
    enter(inode.getParent(), inode.getName(), inode, timeNanos);
    quotas.came(inode.getParent(), inode);
  }

  /** Adds the root of an empty namespace. */
  public void addRoot(Inode root) {
    put(root);
    meta.add(Counter.INODE_COUNT, 1);
    meta.raise(Counter.LAST_INODE, root.getId());
  }

  /**
   * Makes the name. That it is free was seen when it was decided, on this very state: to look again
   * would cost each follower a search in the database for something that is not there.
   */
  public void enter(long parent, ByteString name, Inode inode, long timeNanos) {
    writer.put(ColumnFamily.DENTRIES, Keys.of(parent, name), inode.getId());
    touch(parent, NamespaceView.isDirectory(inode) ? 1 : 0, timeNanos);
  }

  /** Drops the name, which is the inode's. */
  public void leave(long parent, ByteString name, Inode inode, long timeNanos) {
    writer.delete(ColumnFamily.DENTRIES, Keys.of(parent, name));
    touch(parent, NamespaceView.isDirectory(inode) ? -1 : 0, timeNanos);
  }

  private void touch(long directory, int links, long timeNanos) {
    Inode parent = view.find(directory);
    if (parent == null) {
      return; // The directory itself went first: its tree is being reaped.
    }
    put(
        parent.toBuilder()
            .setNlink(parent.getNlink() + links)
            .setMtimeNanos(timeNanos)
            .setCtimeNanos(timeNanos)
            .build());
  }

  /** Adds a name besides the primary one, of which the UFS has nothing that is known. */
  public void addOtherName(long inode, long parent, ByteString name) {
    putOtherName(inode, parent, name, LinkedName.getDefaultInstance());
  }

  /** Says what the UFS has of a name besides the primary one. */
  public void putOtherName(long inode, long parent, ByteString name, LinkedName linked) {
    writer.put(ColumnFamily.LINKS, Keys.link(inode, parent, name), linked);
  }

  public void removeOtherName(long inode, long parent, ByteString name) {
    writer.delete(ColumnFamily.LINKS, Keys.link(inode, parent, name));
  }

  /**
   * Takes one name from an inode; the last one takes the inode with all that belongs to it.
   *
   * @param objectMoves what the UFS has of a primary name moves to the next one
   */
  public void unlink(
      long parent, ByteString name, long inodeId, boolean objectMoves, long timeNanos) {
    Inode inode = view.require(inodeId);
    leave(parent, name, inode, timeNanos);
    if (NamespaceView.isDirectory(inode) || inode.getNlink() <= 1) {
      quotas.went(inode.getParent(), inode);
      drop(inode);
      return;
    }
    Inode.Builder left = inode.toBuilder().setNlink(inode.getNlink() - 1).setCtimeNanos(timeNanos);
    if (inode.getParent() == parent && inode.getName().equals(name)) {
      NamespaceView.Name heir = view.otherNames(inodeId, 1).get(0);
      LinkedName object = view.linked(inodeId, heir);
      removeOtherName(inodeId, heir.parent(), heir.name());
      left.setParent(heir.parent()).setName(heir.name());
      if (!objectMoves) {
        bindToHeir(left, object);
      }
      quotas.went(parent, inode);
      quotas.came(heir.parent(), inode);
    } else {
      removeOtherName(inodeId, parent, name);
    }
    put(left.build());
  }

  /** Where its object has not the content, only what the cache has of it is left. */
  private static void bindToHeir(Inode.Builder file, LinkedName object) {
    if (NamespaceView.hasNewest(object, file)) {
      file.setUfs(object.getUfs()).setExportedVersion(object.getExportedVersion());
    } else {
      file.clearUfs().clearExportedVersion();
    }
  }

  /**
   * Marks names as one range. Each was taken away with the entry that is applied, and no other name
   * lies between them: the database then keeps one mark of them instead of one a name, which every
   * later search in the directory would step over.
   */
  public void joinDeletedNames(long parent, ByteString first, ByteString last) {
    writer.deleteRange(
        ColumnFamily.DENTRIES, Keys.of(parent, first), Keys.successor(Keys.of(parent, last)));
  }

  /** Marks inodes as one range; each of the numbers was dropped with the entry that is applied. */
  public void joinDeletedInodes(long first, long last) {
    writer.deleteRange(ColumnFamily.INODES, Keys.of(first), Keys.of(last + 1));
  }

  /** Takes the inode, its blocks, attributes and lease. Not its names. */
  public void drop(Inode inode) {
    writer.delete(ColumnFamily.INODES, Keys.of(inode.getId()));
    meta.add(Counter.INODE_COUNT, -1);
    policies.remove(inode.getId());
    if (NamespaceView.isDirectory(inode)) {
      writer.delete(ColumnFamily.LOADED, Keys.of(inode.getId()));
      quotas.remove(inode.getId());
    } else {
      dropBlocksFrom(inode, 0);
    }
    if (inode.getHasXattrs()) {
      Key prefix = Keys.of(inode.getId());
      deleteAll(ColumnFamily.XATTRS, prefix, Keys.after(prefix));
    }
    if (inode.hasLease()) {
      dropLease(inode);
    }
  }

  /** Gives the session the write lease; returns the inode as stored. */
  public Inode lease(Inode inode, WriteLease lease) {
    writer.put(ColumnFamily.LEASES, Keys.of(lease.getSessionId(), inode.getId()), Member.MEMBER);
    Inode leased = inode.toBuilder().setLease(lease).build();
    put(leased);
    return leased;
  }

  /** Takes the write lease back; returns the inode as stored. */
  public Inode release(Inode inode) {
    dropLease(inode);
    Inode released = inode.toBuilder().clearLease().build();
    put(released);
    return released;
  }

  private void dropLease(Inode inode) {
    writer.delete(ColumnFamily.LEASES, Keys.of(inode.getLease().getSessionId(), inode.getId()));
  }

  public void putBlock(long inode, int index, BlockRecord record) {
    writer.put(ColumnFamily.BLOCKS, Keys.of(inode, index), record);
  }

  /** Drops the records of blocks from an index on. */
  public void dropBlocksFrom(Inode inode, int index) {
    if (inode.getHasBlockRecords()) {
      long id = inode.getId();
      deleteAll(ColumnFamily.BLOCKS, Keys.of(id, index), Keys.after(Keys.of(id)));
    }
  }

  public void putXattr(long inode, ByteString name, ByteString value) {
    writer.put(ColumnFamily.XATTRS, Keys.of(inode, name), value);
  }

  public void removeXattr(long inode, ByteString name) {
    writer.delete(ColumnFamily.XATTRS, Keys.of(inode, name));
  }

  /** Remembers for the scan that the directory's names come from a UFS. */
  public void addLoaded(long directory) {
    writer.put(ColumnFamily.LOADED, Keys.of(directory), Member.MEMBER);
  }

  public void removeLoaded(long directory) {
    writer.delete(ColumnFamily.LOADED, Keys.of(directory));
  }

  private <V> void deleteAll(ColumnFamily<V> family, Key from, Key to) {
    List<Key> keys = new ArrayList<>();
    reader.scan(family, from, to, (key, value) -> keys.add(key));
    keys.forEach(key -> writer.delete(family, key));
  }
}
