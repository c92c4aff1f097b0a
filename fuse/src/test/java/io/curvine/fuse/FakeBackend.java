/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse;

import com.google.protobuf.ByteString;
import io.curvine.fuse.vfs.Backend;
import io.curvine.fuse.vfs.BackendReader;
import io.curvine.fuse.vfs.BackendWriter;
import io.curvine.fuse.vfs.Caller;
import io.curvine.fuse.vfs.ChangedInode;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A file system in memory with the cluster's rules: one writer a file, readers see what is
 * published, a deleted file is gone. Thread-safe by its monitor.
 */
public final class FakeBackend implements Backend {
  private static final int PAGE_BYTES = 4_096;
  private static final Comparator<ByteString> BY_BYTES =
      ByteString.unsignedLexicographicalComparator();

  private static final class Node {
    Inode inode;
    byte[] content = new byte[0];
    byte[] durable = new byte[0];
    Writer writer;
    final NavigableMap<ByteString, Long> entries = new TreeMap<>(BY_BYTES);
    final NavigableMap<ByteString, ByteString> xattrs = new TreeMap<>(BY_BYTES);
  }

  private final Map<Long, Node> nodes = new HashMap<>();
  private long lastInode = 1;

  /** Calls of {@link #lookup} and {@link #attributes}. */
  public final AtomicInteger stats = new AtomicInteger();

  public final AtomicInteger commits = new AtomicInteger();

  /** Calls of {@link #sync}. */
  public final AtomicInteger syncs = new AtomicInteger();

  /** Set: what close of a writer fails with. */
  public volatile CurvineException closeFailure;

  /** Runs before a file is opened for reading; without the backend's lock. */
  public volatile Pause beforeRead = () -> {};

  /** Runs before a writer's close goes on; without the backend's lock. */
  public volatile Pause beforeClose = () -> {};

  /** Who has a file open for writing is asked for it; without the backend's lock. */
  public volatile Question whenWanted =
      inode -> {
        throw refused(ErrorCode.FILE_BUSY, "inode " + inode);
      };

  /** Set: what publishing fails with. */
  public volatile CurvineException flushFailure;

  /** To another client. */
  @FunctionalInterface
  public interface Question {
    void ask(long inode) throws IOException;
  }

  /** Something to wait for. */
  @FunctionalInterface
  public interface Pause {
    void await() throws InterruptedException;
  }

  /** A file system with an empty root. */
  public FakeBackend() {
    Node root = new Node();
    root.inode = fresh(1, InodeType.DIRECTORY, Caller.ROOT, 0755).setNlink(2).build();
    nodes.put(1L, root);
  }

  /** The content that is published. */
  public synchronized byte[] content(long inode) {
    return nodes.get(inode).content.clone();
  }

  /** The content that a loss of power leaves. */
  public synchronized byte[] durable(long inode) {
    return nodes.get(inode).durable.clone();
  }

  /** True while someone holds the file's write lease. */
  public synchronized boolean leased(long inode) {
    Node node = nodes.get(inode);
    return node != null && node.writer != null;
  }

  public synchronized boolean exists(long inode) {
    return nodes.containsKey(inode);
  }

  private static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  private static Inode.Builder fresh(long id, InodeType type, Caller owner, int mode) {
    return Inode.newBuilder()
        .setId(id)
        .setType(type)
        .setMode(mode)
        .setUid(owner.uid())
        .setGid(owner.gid())
        .setNlink(1)
        .setAtimeNanos(now())
        .setMtimeNanos(now())
        .setCtimeNanos(now());
  }

  private static CurvineException refused(ErrorCode code, String message) {
    return new CurvineException(code, message);
  }

  private Node node(long inode) throws CurvineException {
    Node node = nodes.get(inode);
    if (node == null) {
      throw refused(ErrorCode.NOT_FOUND, "inode " + inode);
    }
    return node;
  }

  private synchronized byte[] published(long inode) throws CurvineException {
    return node(inode).content;
  }

  /** As another mount does it. */
  public synchronized void replace(long inode, byte[] content) throws CurvineException {
    publish(node(inode), content);
  }

  private Node directory(long inode) throws CurvineException {
    Node node = node(inode);
    if (node.inode.getType() != InodeType.DIRECTORY) {
      throw refused(ErrorCode.NOT_A_DIRECTORY, "inode " + inode);
    }
    return node;
  }

  private Node child(long directory, ByteString name) throws CurvineException {
    Long inode = directory(directory).entries.get(name);
    if (inode == null) {
      throw refused(ErrorCode.NOT_FOUND, name.toStringUtf8());
    }
    return node(inode);
  }

  private void touch(Node node, int links) {
    node.inode =
        node.inode.toBuilder()
            .setMtimeNanos(now())
            .setCtimeNanos(now())
            .setNlink(node.inode.getNlink() + links)
            .build();
  }

  private Node add(long directory, ByteString name, Inode.Builder inode) throws CurvineException {
    Node parent = directory(directory);
    if (name.size() > 255) {
      throw refused(ErrorCode.NAME_TOO_LONG, "name");
    }
    if (parent.entries.containsKey(name)) {
      throw refused(ErrorCode.ALREADY_EXISTS, name.toStringUtf8());
    }
    Node node = new Node();
    node.inode = inode.setParent(directory).setName(name).build();
    nodes.put(node.inode.getId(), node);
    parent.entries.put(name, node.inode.getId());
    touch(parent, node.inode.getType() == InodeType.DIRECTORY ? 1 : 0);
    return node;
  }

  @Override
  public synchronized Inode lookup(Caller caller, long directory, ByteString name)
      throws IOException {
    stats.incrementAndGet();
    return child(directory, name).inode;
  }

  @Override
  public synchronized Inode attributes(Caller caller, long inode) throws IOException {
    stats.incrementAndGet();
    return node(inode).inode;
  }

  @Override
  public synchronized DirectoryPage list(Caller caller, long directory, ByteString after, int limit)
      throws IOException {
    Node node = directory(directory);
    DirectoryPage.Builder page = DirectoryPage.newBuilder().setDirectory(directory);
    for (var entry : node.entries.tailMap(after, false).entrySet()) {
      if (page.getEntriesCount() == limit) {
        return page.setMore(true).build();
      }
      page.addEntries(
          Entry.newBuilder().setName(entry.getKey()).setInode(node(entry.getValue()).inode));
    }
    return page.build();
  }

  @Override
  public synchronized Inode makeDirectory(Caller caller, long directory, ByteString name, int mode)
      throws IOException {
    return add(directory, name, fresh(++lastInode, InodeType.DIRECTORY, caller, mode).setNlink(2))
        .inode;
  }

  @Override
  public synchronized Inode symlink(
      Caller caller, long directory, ByteString name, ByteString target) throws IOException {
    return add(
            directory,
            name,
            fresh(++lastInode, InodeType.SYMLINK, caller, 0777)
                .setSymlinkTarget(target)
                .setLengthBytes(target.size()))
        .inode;
  }

  @Override
  public synchronized Inode makeSpecial(
      Caller caller, long directory, ByteString name, SpecialType type, int mode, int device)
      throws IOException {
    return add(
            directory,
            name,
            fresh(++lastInode, InodeType.SPECIAL, caller, mode)
                .setSpecialType(type.bits())
                .setDevice(device))
        .inode;
  }

  @Override
  public synchronized Inode link(Caller caller, long inode, long directory, ByteString name)
      throws IOException {
    Node node = node(inode);
    Node parent = directory(directory);
    if (parent.entries.putIfAbsent(name, inode) != null) {
      throw refused(ErrorCode.ALREADY_EXISTS, name.toStringUtf8());
    }
    touch(parent, 0);
    node.inode =
        node.inode.toBuilder().setNlink(node.inode.getNlink() + 1).setCtimeNanos(now()).build();
    return node.inode;
  }

  @Override
  public synchronized void delete(Caller caller, long directory, ByteString name, InodeType mustBe)
      throws IOException {
    Node node = child(directory, name);
    boolean isDirectory = node.inode.getType() == InodeType.DIRECTORY;
    if (isDirectory && mustBe == InodeType.FILE) {
      throw refused(ErrorCode.IS_A_DIRECTORY, name.toStringUtf8());
    }
    if (!isDirectory && mustBe == InodeType.DIRECTORY) {
      throw refused(ErrorCode.NOT_A_DIRECTORY, name.toStringUtf8());
    }
    if (!node.entries.isEmpty()) {
      throw refused(ErrorCode.NOT_EMPTY, name.toStringUtf8());
    }
    unlink(directory(directory), name, node);
  }

  private void unlink(Node parent, ByteString name, Node node) {
    parent.entries.remove(name);
    boolean isDirectory = node.inode.getType() == InodeType.DIRECTORY;
    touch(parent, isDirectory ? -1 : 0);
    node.inode =
        node.inode.toBuilder().setNlink(node.inode.getNlink() - 1).setCtimeNanos(now()).build();
    if (isDirectory || node.inode.getNlink() == 0) {
      nodes.remove(node.inode.getId());
    } else {
      nameAgain(node);
    }
  }

  /** It says a name that it has. */
  private void nameAgain(Node node) {
    long inode = node.inode.getId();
    nodes.forEach(
        (directory, each) ->
            each.entries.forEach(
                (name, entry) -> {
                  if (entry == inode) {
                    node.inode = node.inode.toBuilder().setParent(directory).setName(name).build();
                  }
                }));
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
    Node moved = child(fromDirectory, fromName);
    Node from = directory(fromDirectory);
    Node to = directory(toDirectory);
    Long old = to.entries.get(toName);
    if (old != null) {
      if (noReplace) {
        throw refused(ErrorCode.ALREADY_EXISTS, toName.toStringUtf8());
      }
      if (old == moved.inode.getId()) {
        return;
      }
      Node replaced = node(old);
      if (!replaced.entries.isEmpty()) {
        throw refused(ErrorCode.NOT_EMPTY, toName.toStringUtf8());
      }
      unlink(to, toName, replaced);
    }
    int links = moved.inode.getType() == InodeType.DIRECTORY ? 1 : 0;
    from.entries.remove(fromName);
    touch(from, -links);
    to.entries.put(toName, moved.inode.getId());
    touch(to, links);
    nameAgain(moved);
  }

  @Override
  public synchronized void exchange(
      Caller caller, long firstDirectory, ByteString first, long secondDirectory, ByteString second)
      throws IOException {
    Node one = child(firstDirectory, first);
    Node other = child(secondDirectory, second);
    Node from = directory(firstDirectory);
    Node to = directory(secondDirectory);
    int links = linksOf(other) - linksOf(one);
    from.entries.put(first, other.inode.getId());
    to.entries.put(second, one.inode.getId());
    touch(from, links);
    touch(to, -links);
    nameAgain(one);
    nameAgain(other);
  }

  /** Which an entry adds to its directory. */
  private static int linksOf(Node node) {
    return node.inode.getType() == InodeType.DIRECTORY ? 1 : 0;
  }

  @Override
  public synchronized Inode setAttributes(Caller caller, long inode, SetAttributes change)
      throws IOException {
    Node node = node(inode);
    node.inode = ChangedInode.of(node.inode, change).build();
    return node.inode;
  }

  @Override
  public synchronized Inode truncate(Caller caller, long inode, long lengthBytes)
      throws IOException {
    Node node = node(inode);
    if (node.writer != null) {
      throw refused(ErrorCode.FILE_BUSY, "inode " + inode);
    }
    publish(node, java.util.Arrays.copyOf(node.content, (int) lengthBytes));
    return node.inode;
  }

  private static void publish(Node node, byte[] content) {
    node.content = content;
    node.inode =
        node.inode.toBuilder()
            .setLengthBytes(content.length)
            .setMtimeNanos(now())
            .setCtimeNanos(now())
            .setVersion(node.inode.getVersion() + 1)
            .build();
  }

  @Override
  public synchronized ByteString xattr(Caller caller, long inode, ByteString name)
      throws IOException {
    ByteString value = node(inode).xattrs.get(name);
    if (value == null) {
      throw refused(ErrorCode.NO_SUCH_ATTRIBUTE, name.toStringUtf8());
    }
    return value;
  }

  @Override
  public synchronized List<ByteString> xattrs(Caller caller, long inode) throws IOException {
    return new ArrayList<>(node(inode).xattrs.keySet());
  }

  @Override
  public synchronized void setXattr(
      Caller caller, long inode, ByteString name, ByteString value, boolean create, boolean replace)
      throws IOException {
    Node node = node(inode);
    if (create && node.xattrs.containsKey(name)) {
      throw refused(ErrorCode.ALREADY_EXISTS, name.toStringUtf8());
    }
    if (replace && !node.xattrs.containsKey(name)) {
      throw refused(ErrorCode.NO_SUCH_ATTRIBUTE, name.toStringUtf8());
    }
    node.xattrs.put(name, value);
    node.inode = node.inode.toBuilder().setHasXattrs(true).setCtimeNanos(now()).build();
  }

  @Override
  public synchronized void removeXattr(Caller caller, long inode, ByteString name)
      throws IOException {
    if (node(inode).xattrs.remove(name) == null) {
      throw refused(ErrorCode.NO_SUCH_ATTRIBUTE, name.toStringUtf8());
    }
  }

  @Override
  public synchronized StatFs statFs(long inode) {
    return StatFs.newBuilder()
        .setCapacityBytes(1L << 40)
        .setUsedBytes(1L << 30)
        .setInodes(nodes.size())
        .build();
  }

  @Override
  public synchronized BackendWriter create(Caller caller, long directory, ByteString name, int mode)
      throws IOException {
    Node node = add(directory, name, fresh(++lastInode, InodeType.FILE, caller, mode));
    return open(node, false);
  }

  @Override
  public void awaitWriter(long inode, long sinceNanos) throws IOException {
    if (leased(inode)) {
      whenWanted.ask(inode);
    }
  }

  @Override
  public synchronized BackendWriter openForWrite(Caller caller, long inode, boolean truncate)
      throws IOException {
    Node node = node(inode);
    if (node.writer != null) {
      throw refused(ErrorCode.FILE_BUSY, "inode " + inode);
    }
    return open(node, truncate);
  }

  private Writer open(Node node, boolean truncate) {
    if (truncate) {
      publish(node, new byte[0]);
    }
    node.writer = new Writer(node);
    return node.writer;
  }

  @Override
  public BackendReader openForRead(Caller caller, long inode) throws IOException {
    try {
      beforeRead.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    byte[] content;
    long version;
    synchronized (this) {
      content = published(inode);
      version = node(inode).inode.getVersion();
    }
    return new BackendReader() {
      @Override
      public long length() {
        return content.length;
      }

      @Override
      public long version() {
        return version;
      }

      @Override
      public int read(long position, ByteBuffer into) {
        if (position >= content.length) {
          return -1;
        }
        int length = (int) Math.min(into.remaining(), content.length - position);
        into.put(content, (int) position, length);
        return length;
      }

      @Override
      public long data(long position) {
        return next(content, position, true);
      }

      @Override
      public long hole(long position) {
        return next(content, position, false);
      }

      @Override
      public void close() {}
    };
  }

  /** Where a page begins that is zeros, or is not, or the end; -1: nowhere. */
  private static long next(byte[] content, long position, boolean data) {
    for (long at = position; at < content.length; at = (at / PAGE_BYTES + 1) * PAGE_BYTES) {
      int page = (int) (at / PAGE_BYTES * PAGE_BYTES);
      int end = Math.min(content.length, page + PAGE_BYTES);
      boolean zeros = IntStream.range(page, end).allMatch(i -> content[i] == 0);
      if (zeros != data) {
        return at;
      }
    }
    return data || position >= content.length ? -1 : content.length;
  }

  @Override
  public synchronized void sync(long inode) throws IOException {
    syncs.incrementAndGet();
    makeDurable(node(inode));
  }

  private synchronized void makeDurable(Node node) {
    node.durable = node.content;
  }

  /** Keeps what is written to itself until it is published. */
  private final class Writer implements BackendWriter {
    private final Node node;
    private byte[] bytes;
    private int length;
    private boolean changed;
    private boolean closed;
    private long modifiedNanos; // 0: the time of the publication

    Writer(Node node) {
      this.node = node;
      this.bytes = node.content.clone();
      this.length = bytes.length;
    }

    @Override
    public Inode inode() {
      synchronized (FakeBackend.this) {
        return node.inode;
      }
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public void modified(long nanos) {
      modifiedNanos = nanos;
      changed = true;
    }

    @Override
    public void write(long position, ByteBuffer from) throws IOException {
      check();
      int end = (int) position + from.remaining();
      if (end > bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
      }
      from.get(bytes, (int) position, from.remaining());
      length = Math.max(length, end);
      changed = true;
    }

    @Override
    public void truncate(long lengthBytes) throws IOException {
      check();
      int cut = (int) lengthBytes;
      if (cut > bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, cut);
      } else {
        java.util.Arrays.fill(bytes, cut, bytes.length, (byte) 0);
      }
      length = cut;
      changed = true;
    }

    private void check() throws CurvineException {
      synchronized (FakeBackend.this) {
        if (closed || node.writer != this) {
          throw refused(ErrorCode.LEASE_LOST, "inode " + node.inode.getId());
        }
      }
    }

    @Override
    public void flush() throws IOException {
      check();
      if (flushFailure != null) {
        throw flushFailure;
      }
      synchronized (FakeBackend.this) {
        if (changed) {
          Inode before = node.inode;
          publish(node, java.util.Arrays.copyOf(bytes, length));
          if (modifiedNanos != 0) {
            long ctime = Math.max(before.getCtimeNanos(), modifiedNanos);
            node.inode =
                node.inode.toBuilder().setMtimeNanos(modifiedNanos).setCtimeNanos(ctime).build();
            modifiedNanos = 0;
          }
          commits.incrementAndGet();
          changed = false;
        }
      }
    }

    @Override
    public void sync() throws IOException {
      flush();
      makeDurable(node);
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      try {
        beforeClose.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      flush();
      synchronized (FakeBackend.this) {
        closed = true;
        node.writer = null;
      }
      if (closeFailure != null) {
        throw closeFailure;
      }
    }

    @Override
    public void abort() {
      synchronized (FakeBackend.this) {
        closed = true;
        if (node.writer == this) {
          node.writer = null;
        }
      }
    }
  }
}
