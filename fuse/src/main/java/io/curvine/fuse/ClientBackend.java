/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse;

import com.google.protobuf.ByteString;
import io.curvine.client.AttributeChange;
import io.curvine.client.CreateOptions;
import io.curvine.client.CurvineClient;
import io.curvine.client.FileReader;
import io.curvine.client.FileWriter;
import io.curvine.client.Namespace;
import io.curvine.client.Refs;
import io.curvine.client.XattrMode;
import io.curvine.fuse.vfs.Backend;
import io.curvine.fuse.vfs.BackendReader;
import io.curvine.fuse.vfs.BackendWriter;
import io.curvine.fuse.vfs.Caller;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.DirectoryPage;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.SetAttributes;
import io.curvine.protocol.proto.StatFs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** The cluster as a {@link Backend}: one call of the client each. Thread-safe. */
final class ClientBackend implements Backend {
  private final CurvineClient client;
  private final Duration busyTimeout;

  /**
   * A backend of a client.
   *
   * @param busyTimeout how long other clients may take to give a file back that they write
   */
  ClientBackend(CurvineClient client, Duration busyTimeout) {
    this.client = client;
    this.busyTimeout = busyTimeout;
  }

  private static Principal principal(Caller caller) {
    return Principal.newBuilder().setUid(caller.uid()).setGid(caller.gid()).build();
  }

  private Namespace as(Caller caller) {
    return client.namespace(principal(caller));
  }

  @Override
  public Inode lookup(Caller caller, long directory, ByteString name) throws IOException {
    return as(caller).inode(Refs.child(directory, name), false);
  }

  @Override
  public Inode attributes(Caller caller, long inode) throws IOException {
    return as(caller).inode(Refs.inode(inode), false);
  }

  @Override
  public DirectoryPage list(Caller caller, long directory, ByteString after, int limit)
      throws IOException {
    return as(caller).list(Refs.inode(directory), after, limit);
  }

  @Override
  public Inode makeDirectory(Caller caller, long directory, ByteString name, int mode)
      throws IOException {
    return as(caller).mkdir(Refs.child(directory, name), mode, false);
  }

  @Override
  public Inode symlink(Caller caller, long directory, ByteString name, ByteString target)
      throws IOException {
    return as(caller).symlink(Refs.child(directory, name), target);
  }

  @Override
  public Inode makeSpecial(
      Caller caller, long directory, ByteString name, SpecialType type, int mode, int device)
      throws IOException {
    return as(caller).makeSpecial(Refs.child(directory, name), type, mode, device);
  }

  @Override
  public Inode link(Caller caller, long inode, long directory, ByteString name) throws IOException {
    return as(caller).hardLink(Refs.inode(inode), Refs.child(directory, name));
  }

  @Override
  public void delete(Caller caller, long directory, ByteString name, InodeType mustBe)
      throws IOException {
    as(caller).delete(Refs.child(directory, name), mustBe, false);
  }

  @Override
  public void rename(
      Caller caller,
      long fromDirectory,
      ByteString fromName,
      long toDirectory,
      ByteString toName,
      boolean noReplace)
      throws IOException {
    as(caller)
        .rename(Refs.child(fromDirectory, fromName), Refs.child(toDirectory, toName), noReplace);
  }

  @Override
  public void exchange(
      Caller caller, long firstDirectory, ByteString first, long secondDirectory, ByteString second)
      throws IOException {
    var unused =
        as(caller).exchange(Refs.child(firstDirectory, first), Refs.child(secondDirectory, second));
  }

  @Override
  public Inode setAttributes(Caller caller, long inode, SetAttributes change) throws IOException {
    return as(caller).setAttributes(Refs.inode(inode), toChange(change));
  }

  private static AttributeChange toChange(SetAttributes from) {
    AttributeChange change = AttributeChange.none();
    change = from.hasMode() ? change.mode(from.getMode()) : change;
    change = from.hasUid() ? change.uid(from.getUid()) : change;
    change = from.hasGid() ? change.gid(from.getGid()) : change;
    change = from.hasAtimeNanos() ? change.atimeNanos(from.getAtimeNanos()) : change;
    return from.hasMtimeNanos() ? change.mtimeNanos(from.getMtimeNanos()) : change;
  }

  @Override
  public Inode truncate(Caller caller, long inode, long lengthBytes) throws IOException {
    return as(caller).truncate(Refs.inode(inode), lengthBytes);
  }

  @Override
  public ByteString xattr(Caller caller, long inode, ByteString name) throws IOException {
    return as(caller).getXattr(Refs.inode(inode), name);
  }

  @Override
  public List<ByteString> xattrs(Caller caller, long inode) throws IOException {
    return as(caller).listXattrs(Refs.inode(inode));
  }

  @Override
  public void setXattr(
      Caller caller, long inode, ByteString name, ByteString value, boolean create, boolean replace)
      throws IOException {
    XattrMode mode = create ? XattrMode.CREATE : XattrMode.CREATE_OR_REPLACE;
    as(caller).setXattr(Refs.inode(inode), name, value, replace ? XattrMode.REPLACE : mode);
  }

  @Override
  public void removeXattr(Caller caller, long inode, ByteString name) throws IOException {
    as(caller).removeXattr(Refs.inode(inode), name);
  }

  @Override
  public StatFs statFs(long inode) throws IOException {
    return client.namespace().statFs(Refs.inode(inode));
  }

  @Override
  public BackendWriter create(Caller caller, long directory, ByteString name, int mode)
      throws IOException {
    CreateOptions options = CreateOptions.defaults().withMode(mode).withExclusive(true);
    return new Writer(client.create(Refs.child(directory, name), options, principal(caller)));
  }

  @Override
  public BackendWriter openForWrite(Caller caller, long inode, boolean truncate)
      throws IOException {
    return new Writer(client.openForWrite(Refs.inode(inode), truncate));
  }

  @Override
  public void awaitWriter(long inode, long sinceNanos) throws IOException {
    if (System.nanoTime() - sinceNanos > busyTimeout.toNanos()) {
      throw new CurvineException(
          ErrorCode.FILE_BUSY,
          "inode " + inode + " is written by another client, which does not give way");
    }
    client.askToGiveWay(Refs.inode(inode));
  }

  @Override
  public BackendReader openForRead(Caller caller, long inode) throws IOException {
    return new Reader(client.open(Refs.inode(inode)));
  }

  @Override
  public void sync(long inode) throws IOException {
    client.sync(Refs.inode(inode));
  }

  private record Reader(FileReader file) implements BackendReader {
    @Override
    public long length() {
      return file.length();
    }

    @Override
    public long version() {
      return file.inode().getVersion();
    }

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
      return file.read(position, into);
    }

    @Override
    public long data(long position) throws IOException {
      return file.nextData(position);
    }

    @Override
    public long hole(long position) throws IOException {
      return file.nextHole(position);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private record Writer(FileWriter file) implements BackendWriter {
    @Override
    public Inode inode() {
      return file.inode();
    }

    @Override
    public long length() {
      return file.length();
    }

    @Override
    public void modified(long nanos) {
      file.modified(nanos);
    }

    @Override
    public void write(long position, ByteBuffer from) throws IOException {
      file.write(position, from);
    }

    @Override
    public void flush() throws IOException {
      file.flush();
    }

    @Override
    public void sync() throws IOException {
      file.sync();
    }

    @Override
    public void truncate(long lengthBytes) throws IOException {
      file.truncate(lengthBytes);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }

    @Override
    public void abort() throws IOException {
      file.abort();
    }
  }
}
