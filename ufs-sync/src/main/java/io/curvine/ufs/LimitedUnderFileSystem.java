/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import io.curvine.protocol.proto.Mount;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A store that is asked no more often, and for no more bytes a second, than its mount allows this
 * process. Calls wait for their turn in the order in which they come. A listing, a rename and a
 * delete of a tree count as one call each, however many requests the store takes for it; bytes are
 * those of contents, read and written together. Thread-safe.
 */
public final class LimitedUnderFileSystem implements UnderFileSystem {
  private static final int READ_MAX_BYTES = 256 << 10;

  private final UnderFileSystem ufs;
  private final Optional<TokenBucket> calls;
  private final Optional<TokenBucket> bytes;

  private LimitedUnderFileSystem(
      UnderFileSystem ufs, Optional<TokenBucket> calls, Optional<TokenBucket> bytes) {
    this.ufs = ufs;
    this.calls = calls;
    this.bytes = bytes;
  }

  /** The store with the limits of a mount; the store itself where there are none. */
  public static UnderFileSystem of(UnderFileSystem ufs, Mount mount) {
    if (mount.getRequestsPerSecond() == 0 && mount.getBandwidthBytes() == 0) {
      return ufs;
    }
    return new LimitedUnderFileSystem(
        ufs,
        bucket(Integer.toUnsignedLong(mount.getRequestsPerSecond())),
        bucket(mount.getBandwidthBytes()));
  }

  private static Optional<TokenBucket> bucket(long perSecond) {
    return perSecond == 0
        ? Optional.empty()
        : Optional.of(new TokenBucket(perSecond, System::nanoTime));
  }

  /** Whether two settings of a mount are served by one open store. */
  public static boolean sameStore(Mount one, Mount other) {
    return one.getUri().equals(other.getUri())
        && one.getOptionsMap().equals(other.getOptionsMap())
        && one.getRequestsPerSecond() == other.getRequestsPerSecond()
        && one.getBandwidthBytes() == other.getBandwidthBytes();
  }

  private void call() throws IOException {
    if (calls.isPresent()) {
      calls.get().take(1);
    }
  }

  private void passed(long count) throws IOException {
    if (bytes.isPresent() && count > 0) {
      bytes.get().take(count);
    }
  }

  @Override
  public UfsCapabilities capabilities() {
    return ufs.capabilities();
  }

  @Override
  public Optional<UfsStatus> status(String path) throws IOException {
    call();
    return ufs.status(path);
  }

  @Override
  public void list(String directory, Consumer<UfsStatus> child) throws IOException {
    call();
    ufs.list(directory, child);
  }

  @Override
  public UfsTreePage tree(String after) throws IOException {
    call();
    return ufs.tree(after);
  }

  @Override
  public UfsStream open(String path, String version, long offset, long length) throws IOException {
    call();
    UfsStream in = ufs.open(path, version, offset, length);
    return bytes.isPresent() ? new LimitedStream(in) : in;
  }

  /** Pays for bytes after they came, so that the last of a stream is given without a wait. */
  private final class LimitedStream extends UfsStream {
    private final UfsStream in;
    private long unpaid;

    LimitedStream(UfsStream in) {
      this.in = in;
    }

    private void payBefore() throws IOException {
      long due = unpaid;
      unpaid = 0;
      passed(due);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      payBefore();
      int limit = into.limit();
      into.limit(into.position() + Math.min(into.remaining(), READ_MAX_BYTES));
      try {
        return paid(in.read(into));
      } finally {
        into.limit(limit);
      }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      payBefore();
      return paid(in.read(target, offset, Math.min(length, READ_MAX_BYTES)));
    }

    private int paid(int count) {
      unpaid = Math.max(0, count);
      return count;
    }

    @Override
    public void close() throws IOException {
      in.close();
      // What follows on other streams waits for it.
      if (unpaid > 0) {
        long unused = bytes.orElseThrow().reserve(unpaid);
      }
    }
  }

  @Override
  public UfsStatus write(String path, long length, InputStream content) throws IOException {
    call();
    return ufs.write(path, length, bytes.isPresent() ? limited(content) : content);
  }

  @Override
  public UfsStatus write(String path, long length, InputStream content, UfsExpected expected)
      throws IOException {
    call();
    return ufs.write(path, length, bytes.isPresent() ? limited(content) : content, expected);
  }

  private InputStream limited(InputStream content) {
    return new FilterInputStream(content) {
      @Override
      public int read() throws IOException {
        int one = super.read();
        passed(one < 0 ? 0 : 1);
        return one;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, Math.min(length, READ_MAX_BYTES));
        passed(count);
        return count;
      }
    };
  }

  @Override
  public UfsStatus makeDirectory(String path) throws IOException {
    call();
    return ufs.makeDirectory(path);
  }

  @Override
  public UfsStatus makeSymlink(String path, String target) throws IOException {
    call();
    return ufs.makeSymlink(path, target);
  }

  @Override
  public void delete(String path, boolean tree) throws IOException {
    call();
    ufs.delete(path, tree);
  }

  @Override
  public void delete(String path, UfsExpected expected) throws IOException {
    call();
    ufs.delete(path, expected);
  }

  @Override
  public UfsStatus rename(String from, String to) throws IOException {
    call();
    return ufs.rename(from, to);
  }

  @Override
  public void close() {
    calls.ifPresent(TokenBucket::close);
    bytes.ifPresent(TokenBucket::close);
    ufs.close();
  }
}
