/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.memory;

import com.google.protobuf.ByteString;
import io.curvine.fuse.vfs.Backend;
import io.curvine.fuse.vfs.BackendReader;
import io.curvine.fuse.vfs.BackendWriter;
import io.curvine.fuse.vfs.Caller;
import io.curvine.fuse.vfs.ChangedInode;
import io.curvine.fuse.vfs.Clock;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.DirectoryPage;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.SetAttributes;
import io.curvine.protocol.proto.StatFs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file system in memory, with next to nothing behind a mount: what it gives is what the kernel,
 * its binding and the JVM take by themselves. A measure, not a product: it forgets everything at
 * its end, keeps no extended attributes, and a reader sees what is being written.
 *
 * <p>Thread-safe: changes of names and attributes have its monitor, all else has no lock.
 */
public final class NullBackend implements Backend {
  private static final long ROOT = 1;
  private static final int ROOT_MODE = 0755;
  private static final int LINK_MODE = 0777;

  private final Map<Long, MemoryNode> nodes = new ConcurrentHashMap<>();
  private final long capacityBytes;
  private final AtomicLong freeBytes;
  private long lastInode = ROOT;

  /**
   * With an empty root.
   *
   * @param capacityBytes of all content; past it writes fail with NO_SPACE
   */
  public NullBackend(long capacityBytes) {
    this.capacityBytes = capacityBytes;
    this.freeBytes = new AtomicLong(capacityBytes);
    keep(MemoryNode.fresh(ROOT, InodeType.DIRECTORY, Caller.ROOT, ROOT_MODE).build());
  }

  private MemoryNode keep(Inode inode) {
    MemoryNode node = new MemoryNode(inode, new MemoryContent(freeBytes));
    nodes.put(inode.getId(), node);
    return node;
  }

  private static CurvineException refused(ErrorCode code, String what) {
    return new CurvineException(code, what);
  }

  private MemoryNode node(long inode) throws CurvineException {
    MemoryNode node = nodes.get(inode);
    if (node == null) {
      throw refused(ErrorCode.NOT_FOUND, "no inode " + inode);
    }
    return node;
  }

  private MemoryNode directory(long inode) throws CurvineException {
    MemoryNode node = node(inode);
    if (!node.isDirectory()) {
      throw refused(ErrorCode.NOT_A_DIRECTORY, "inode " + inode + " is no directory");
    }
    return node;
  }

  private MemoryNode child(long directory, ByteString name) throws CurvineException {
    MemoryNode node = directory(directory).child(name);
    if (node == null) {
      throw refused(ErrorCode.NOT_FOUND, "no " + name.toStringUtf8() + " in inode " + directory);
    }
    return node;
  }

  private MemoryNode add(long directory, ByteString name, Inode.Builder made)
      throws CurvineException {
    MemoryNode parent = directory(directory);
    if (parent.child(name) != null) {
      throw refused(ErrorCode.ALREADY_EXISTS, name.toStringUtf8() + " exists");
    }
    MemoryNode node = keep(made.setParent(directory).setName(name).build());
    parent.put(name, node);
    return node;
  }

  @Override
  public Inode lookup(Caller caller, long directory, ByteString name) throws IOException {
    return child(directory, name).inode();
  }

  @Override
  public Inode attributes(Caller caller, long inode) throws IOException {
    return node(inode).inode();
  }

  @Override
  public DirectoryPage list(Caller caller, long directory, ByteString after, int limit)
      throws IOException {
    MemoryNode listed = directory(directory);
    DirectoryPage.Builder page = DirectoryPage.newBuilder().setDirectory(directory);
    for (ByteString name : listed.namesAfter(after)) {
      if (page.getEntriesCount() == limit) {
        return page.setMore(true).build();
      }
      MemoryNode child = listed.child(name);
      if (child != null) {
        page.addEntries(Entry.newBuilder().setName(name).setInode(child.inode()));
      }
    }
    return page.build();
  }

  @Override
  public synchronized Inode makeDirectory(Caller caller, long directory, ByteString name, int mode)
      throws IOException {
    return add(directory, name, fresh(InodeType.DIRECTORY, caller, mode)).inode();
  }

  private Inode.Builder fresh(InodeType type, Caller caller, int mode) {
    return MemoryNode.fresh(++lastInode, type, caller, mode);
  }

  @Override
  public synchronized Inode symlink(
      Caller caller, long directory, ByteString name, ByteString target) throws IOException {
    Inode.Builder made =
        fresh(InodeType.SYMLINK, caller, LINK_MODE)
            .setSymlinkTarget(target)
            .setLengthBytes(target.size());
    return add(directory, name, made).inode();
  }

  @Override
  public Inode makeSpecial(
      Caller caller, long directory, ByteString name, SpecialType type, int mode, int device)
      throws IOException {
    throw refused(ErrorCode.UNSUPPORTED, "memory that is only measured has no special files");
  }

  @Override
  public void exchange(
      Caller caller, long firstDirectory, ByteString first, long secondDirectory, ByteString second)
      throws IOException {
    throw refused(ErrorCode.UNSUPPORTED, "memory that is only measured exchanges no names");
  }

  @Override
  public synchronized Inode link(Caller caller, long inode, long directory, ByteString name)
      throws IOException {
    MemoryNode node = node(inode);
    MemoryNode parent = directory(directory);
    if (parent.child(name) != null) {
      throw refused(ErrorCode.ALREADY_EXISTS, name.toStringUtf8() + " exists");
    }
    parent.put(name, node);
    node.links(1);
    return node.inode();
  }

  @Override
  public synchronized void delete(Caller caller, long directory, ByteString name, InodeType mustBe)
      throws IOException {
    MemoryNode node = child(directory, name);
    if (node.isDirectory() != (mustBe == InodeType.DIRECTORY)) {
      ErrorCode code = node.isDirectory() ? ErrorCode.IS_A_DIRECTORY : ErrorCode.NOT_A_DIRECTORY;
      throw refused(code, name.toStringUtf8() + " is not to be deleted so");
    }
    unlink(directory(directory), name, node);
  }

  private void unlink(MemoryNode parent, ByteString name, MemoryNode node) throws CurvineException {
    if (!node.isEmpty()) {
      throw refused(ErrorCode.NOT_EMPTY, name.toStringUtf8() + " is not empty");
    }
    parent.remove(name, node);
    node.links(-1);
    if (node.isDirectory() || node.inode().getNlink() == 0) {
      nodes.remove(node.inode().getId());
      node.content().truncate(0);
    }
  }

  @Override
  public synchronized void rename(
      Caller caller,
      long fromDirectory,
      ByteString fromName,
      long toDirectory,
      ByteString toName,
      boolean noReplace)
      throws IOException {
    MemoryNode moved = child(fromDirectory, fromName);
    MemoryNode to = directory(toDirectory);
    MemoryNode replaced = to.child(toName);
    if (replaced == moved) {
      return;
    }
    if (replaced != null && noReplace) {
      throw refused(ErrorCode.ALREADY_EXISTS, toName.toStringUtf8() + " exists");
    }
    if (replaced != null) {
      unlink(to, toName, replaced);
    }
    directory(fromDirectory).remove(fromName, moved);
    to.put(toName, moved);
    moved.set(moved.inode().toBuilder().setParent(toDirectory).setName(toName));
  }

  @Override
  public synchronized Inode setAttributes(Caller caller, long inode, SetAttributes change)
      throws IOException {
    MemoryNode node = node(inode);
    node.set(ChangedInode.of(node.inode(), change));
    return node.inode();
  }

  @Override
  public synchronized Inode truncate(Caller caller, long inode, long lengthBytes)
      throws IOException {
    MemoryNode node = node(inode);
    node.content().truncate(lengthBytes);
    node.publish(Clock.nowNanos());
    return node.inode();
  }

  @Override
  public ByteString xattr(Caller caller, long inode, ByteString name) throws IOException {
    throw refused(ErrorCode.NO_SUCH_ATTRIBUTE, "no " + name.toStringUtf8());
  }

  @Override
  public List<ByteString> xattrs(Caller caller, long inode) {
    return List.of();
  }

  @Override
  public void setXattr(
      Caller caller, long inode, ByteString name, ByteString value, boolean create, boolean replace)
      throws IOException {
    throw refused(ErrorCode.UNSUPPORTED, "no extended attributes are kept");
  }

  @Override
  public void removeXattr(Caller caller, long inode, ByteString name) throws IOException {
    throw refused(ErrorCode.NO_SUCH_ATTRIBUTE, "no " + name.toStringUtf8());
  }

  @Override
  public StatFs statFs(long inode) {
    return StatFs.newBuilder()
        .setCapacityBytes(capacityBytes)
        .setUsedBytes(capacityBytes - freeBytes.get())
        .setInodes(nodes.size())
        .build();
  }

  @Override
  public synchronized BackendWriter create(Caller caller, long directory, ByteString name, int mode)
      throws IOException {
    return new Writer(add(directory, name, fresh(InodeType.FILE, caller, mode)));
  }

  @Override
  public synchronized BackendWriter openForWrite(Caller caller, long inode, boolean truncate)
      throws IOException {
    if (truncate) {
      var unused = truncate(caller, inode, 0);
    }
    return new Writer(node(inode));
  }

  @Override
  public void awaitWriter(long inode, long sinceNanos) {} // there is no other client

  @Override
  public void sync(long inode) {} // nothing outlives the process

  @Override
  public BackendReader openForRead(Caller caller, long inode) throws IOException {
    return new Reader(node(inode));
  }

  private record Reader(MemoryNode node) implements BackendReader {
    @Override
    public long length() {
      return node.content().length();
    }

    @Override
    public long version() {
      return node.inode().getVersion();
    }

    @Override
    public int read(long position, ByteBuffer into) {
      return node.content().read(position, into);
    }

    @Override
    public long data(long position) {
      return node.content().next(position, true);
    }

    @Override
    public long hole(long position) {
      return node.content().next(position, false);
    }

    @Override
    public void close() {}
  }

  private final class Writer implements BackendWriter {
    private final MemoryNode node;
    private long modifiedNanos; // 0: nothing since it was published

    Writer(MemoryNode node) {
      this.node = node;
    }

    @Override
    public Inode inode() {
      return node.inode();
    }

    @Override
    public long length() {
      return node.content().length();
    }

    @Override
    public void modified(long nanos) {
      modifiedNanos = nanos;
    }

    @Override
    public void write(long position, ByteBuffer from) throws IOException {
      node.content().write(position, from);
    }

    @Override
    public void truncate(long lengthBytes) throws IOException {
      node.content().truncate(lengthBytes);
    }

    @Override
    public void flush() {
      synchronized (NullBackend.this) {
        if (node.inode().getNlink() > 0) {
          node.publish(modifiedNanos);
          modifiedNanos = 0;
        }
      }
    }

    @Override
    public void sync() {
      flush();
    }

    @Override
    public void close() {
      flush();
    }

    @Override
    public void abort() {
      flush();
    }
  }
}
