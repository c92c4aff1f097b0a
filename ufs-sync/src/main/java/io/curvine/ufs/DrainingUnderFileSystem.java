/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A store whose {@link #close} lets the calls and the streams that are under way end: the last one
 * closes it. A call that comes later is refused with NOT_READY. Thread-safe.
 */
public final class DrainingUnderFileSystem implements UnderFileSystem {
  private final UnderFileSystem ufs;
  private int underWay;
  private boolean closing;

  /**
   * A store that nobody has called yet.
   *
   * @param ufs is closed by this
   */
  public DrainingUnderFileSystem(UnderFileSystem ufs) {
    this.ufs = ufs;
  }

  private synchronized void begin() throws CurvineException {
    if (closing) {
      throw new CurvineException(
          ErrorCode.NOT_READY, "the mount of this UFS was taken away or changed; try again");
    }
    underWay++;
  }

  private void end() {
    boolean last;
    synchronized (this) {
      underWay--;
      last = closing && underWay == 0;
    }
    if (last) {
      ufs.close();
    }
  }

  /** One call of the store. */
  @FunctionalInterface
  private interface Call<T> {
    T run() throws IOException;
  }

  private <T> T counted(Call<T> call) throws IOException {
    begin();
    try {
      return call.run();
    } finally {
      end();
    }
  }

  @Override
  public UfsCapabilities capabilities() {
    return ufs.capabilities();
  }

  @Override
  public Optional<UfsStatus> status(String path) throws IOException {
    return counted(() -> ufs.status(path));
  }

  @Override
  public void list(String directory, Consumer<UfsStatus> child) throws IOException {
    begin();
    try {
      ufs.list(directory, child);
    } finally {
      end();
    }
  }

  @Override
  public UfsTreePage tree(String after) throws IOException {
    return counted(() -> ufs.tree(after));
  }

  @Override
  public UfsStream open(String path, String version, long offset, long length) throws IOException {
    begin();
    boolean opened = false;
    try {
      UfsStream stream = new CountedStream(ufs.open(path, version, offset, length));
      opened = true;
      return stream;
    } finally {
      if (!opened) {
        end();
      }
    }
  }

  /** Counts until it is closed. */
  private final class CountedStream extends UfsStream {
    private final UfsStream in;
    private boolean ended;

    CountedStream(UfsStream in) {
      this.in = in;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return in.read(into);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return in.read(target, offset, length);
    }

    @Override
    public void close() throws IOException {
      if (ended) {
        return;
      }
      ended = true;
      try {
        in.close();
      } finally {
        end();
      }
    }
  }

  @Override
  public UfsStatus write(String path, long length, InputStream content) throws IOException {
    return counted(() -> ufs.write(path, length, content));
  }

  @Override
  public UfsStatus write(String path, long length, InputStream content, UfsExpected expected)
      throws IOException {
    return counted(() -> ufs.write(path, length, content, expected));
  }

  @Override
  public UfsStatus makeDirectory(String path) throws IOException {
    return counted(() -> ufs.makeDirectory(path));
  }

  @Override
  public UfsStatus makeSymlink(String path, String target) throws IOException {
    return counted(() -> ufs.makeSymlink(path, target));
  }

  @Override
  public void delete(String path, boolean tree) throws IOException {
    begin();
    try {
      ufs.delete(path, tree);
    } finally {
      end();
    }
  }

  @Override
  public void delete(String path, UfsExpected expected) throws IOException {
    begin();
    try {
      ufs.delete(path, expected);
    } finally {
      end();
    }
  }

  @Override
  public UfsStatus rename(String from, String to) throws IOException {
    return counted(() -> ufs.rename(from, to));
  }

  @Override
  public void close() {
    boolean idle;
    synchronized (this) {
      idle = !closing && underWay == 0;
      closing = true;
    }
    if (idle) {
      ufs.close();
    }
  }
}
