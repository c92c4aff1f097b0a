/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.cache;

import com.google.protobuf.ByteString;
import io.curvine.fuse.vfs.Backend;
import io.curvine.fuse.vfs.BackendReader;
import io.curvine.fuse.vfs.BackendWriter;
import io.curvine.fuse.vfs.Caller;
import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.DirectoryPage;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.SetAttributes;
import io.curvine.protocol.proto.StatFs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A backend that remembers names and attributes of another one as long as the {@link Currency}
 * holds. What is changed through it is forgotten before the change returns, so that the caller sees
 * it. Content is never remembered. Thread-safe.
 */
public final class CachingBackend implements Backend {
  /** What a repair or a restore of the cluster changes is not told to anyone. */
  private static final long AGE_MAX_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Backend behind;
  private final MetadataCache cache;
  private final Currency currency;

  /** Remembers nothing yet. */
  public CachingBackend(Backend behind, MetadataCache cache, Currency currency) {
    this.behind = behind;
    this.cache = cache;
    this.currency = currency;
  }

  @Override
  public Inode lookup(Caller caller, long directory, ByteString name) throws IOException {
    Inode known = currency.holds() ? believed(cache.find(directory, name)) : null;
    if (known != null) {
      return known;
    }
    long before = cache.now();
    Inode found = behind.lookup(caller, directory, name);
    cache.keep(directory, name, found, before);
    return found;
  }

  @Override
  public Inode attributes(Caller caller, long inode) throws IOException {
    Inode known = currency.holds() ? believed(cache.find(inode)) : null;
    if (known != null) {
      return known;
    }
    long before = cache.now();
    Inode found = behind.attributes(caller, inode);
    cache.keep(found, before);
    return found;
  }

  /** What is under a mount the masters compare with the UFS where that was not done for a while. */
  private Inode believed(MetadataCache.Kept kept) {
    if (kept == null) {
      return null;
    }
    boolean recent =
        kept.inode().getMountId() == 0
            ? System.nanoTime() - kept.seenNanos() < AGE_MAX_NANOS
            : currency.isRecent(kept.seenNanos());
    return recent ? kept.inode() : null;
  }

  @Override
  public DirectoryPage list(Caller caller, long directory, ByteString after, int limit)
      throws IOException {
    return behind.list(caller, directory, after, limit);
  }

  private interface Change<T> {
    T make() throws IOException;
  }

  /** Forgotten also where it failed: it may have been done. */
  private <T> T changingName(long directory, ByteString name, Change<T> change) throws IOException {
    try {
      return change.make();
    } finally {
      cache.forget(directory, name);
    }
  }

  private <T> T changing(long inode, Change<T> change) throws IOException {
    try {
      return change.make();
    } finally {
      cache.forget(inode);
    }
  }

  @Override
  public Inode makeDirectory(Caller caller, long directory, ByteString name, int mode)
      throws IOException {
    return changingName(directory, name, () -> behind.makeDirectory(caller, directory, name, mode));
  }

  @Override
  public Inode symlink(Caller caller, long directory, ByteString name, ByteString target)
      throws IOException {
    return changingName(directory, name, () -> behind.symlink(caller, directory, name, target));
  }

  @Override
  public Inode makeSpecial(
      Caller caller, long directory, ByteString name, SpecialType type, int mode, int device)
      throws IOException {
    return changingName(
        directory, name, () -> behind.makeSpecial(caller, directory, name, type, mode, device));
  }

  @Override
  public Inode link(Caller caller, long inode, long directory, ByteString name) throws IOException {
    return changing(
        inode,
        () -> changingName(directory, name, () -> behind.link(caller, inode, directory, name)));
  }

  @Override
  public void delete(Caller caller, long directory, ByteString name, InodeType mustBe)
      throws IOException {
    changingName(
        directory,
        name,
        () -> {
          behind.delete(caller, directory, name, mustBe);
          return null;
        });
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
    changingName(
        fromDirectory,
        fromName,
        () ->
            changingName(
                toDirectory,
                toName,
                () -> {
                  behind.rename(caller, fromDirectory, fromName, toDirectory, toName, noReplace);
                  return null;
                }));
  }

  @Override
  public void exchange(
      Caller caller, long firstDirectory, ByteString first, long secondDirectory, ByteString second)
      throws IOException {
    changingName(
        firstDirectory,
        first,
        () ->
            changingName(
                secondDirectory,
                second,
                () -> {
                  behind.exchange(caller, firstDirectory, first, secondDirectory, second);
                  return null;
                }));
  }

  @Override
  public Inode setAttributes(Caller caller, long inode, SetAttributes change) throws IOException {
    return changing(inode, () -> behind.setAttributes(caller, inode, change));
  }

  @Override
  public Inode truncate(Caller caller, long inode, long lengthBytes) throws IOException {
    return changing(inode, () -> behind.truncate(caller, inode, lengthBytes));
  }

  @Override
  public ByteString xattr(Caller caller, long inode, ByteString name) throws IOException {
    return behind.xattr(caller, inode, name);
  }

  @Override
  public List<ByteString> xattrs(Caller caller, long inode) throws IOException {
    return behind.xattrs(caller, inode);
  }

  @Override
  public void setXattr(
      Caller caller, long inode, ByteString name, ByteString value, boolean create, boolean replace)
      throws IOException {
    changing(
        inode,
        () -> {
          behind.setXattr(caller, inode, name, value, create, replace);
          return null;
        });
  }

  @Override
  public void removeXattr(Caller caller, long inode, ByteString name) throws IOException {
    changing(
        inode,
        () -> {
          behind.removeXattr(caller, inode, name);
          return null;
        });
  }

  @Override
  public StatFs statFs(long inode) throws IOException {
    return behind.statFs(inode);
  }

  @Override
  public BackendWriter create(Caller caller, long directory, ByteString name, int mode)
      throws IOException {
    return new Writer(
        changingName(directory, name, () -> behind.create(caller, directory, name, mode)));
  }

  @Override
  public BackendWriter openForWrite(Caller caller, long inode, boolean truncate)
      throws IOException {
    return new Writer(changing(inode, () -> behind.openForWrite(caller, inode, truncate)));
  }

  @Override
  public void awaitWriter(long inode, long sinceNanos) throws IOException {
    behind.awaitWriter(inode, sinceNanos);
  }

  @Override
  public BackendReader openForRead(Caller caller, long inode) throws IOException {
    return behind.openForRead(caller, inode);
  }

  @Override
  public void sync(long inode) throws IOException {
    behind.sync(inode);
  }

  private interface Call {
    void make() throws IOException;
  }

  /** Whose publications change the inode. */
  private final class Writer implements BackendWriter {
    private final BackendWriter writer;
    private final long inode;

    Writer(BackendWriter writer) {
      this.writer = writer;
      this.inode = writer.inode().getId();
    }

    private void publishing(Call call) throws IOException {
      changing(
          inode,
          () -> {
            call.make();
            return null;
          });
    }

    @Override
    public Inode inode() {
      return writer.inode();
    }

    @Override
    public long length() {
      return writer.length();
    }

    @Override
    public void modified(long nanos) {
      writer.modified(nanos);
    }

    @Override
    public void write(long position, ByteBuffer from) throws IOException {
      writer.write(position, from);
    }

    @Override
    public void flush() throws IOException {
      publishing(writer::flush);
    }

    @Override
    public void sync() throws IOException {
      publishing(writer::sync);
    }

    @Override
    public void truncate(long lengthBytes) throws IOException {
      publishing(() -> writer.truncate(lengthBytes));
    }

    @Override
    public void close() throws IOException {
      publishing(writer::close);
    }

    @Override
    public void abort() throws IOException {
      publishing(writer::abort);
    }
  }
}
