/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import io.curvine.fuse.vfs.Errno;
import io.curvine.fuse.vfs.ErrnoException;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A descriptor of /dev/fuse. A request is answered on the descriptor that it came from, so each
 * thread has its own, bound to the same connection. Not thread-safe.
 */
final class Device implements Closeable {
  private static final String PATH = "/dev/fuse";

  private final int descriptor;

  private Device(int descriptor) {
    this.descriptor = descriptor;
  }

  static Device open() throws CurvineException {
    int descriptor = Libc.calls().open(PATH, Libc.O_RDWR | Libc.O_CLOEXEC);
    if (descriptor < 0) {
      throw new CurvineException(
          ErrorCode.UNSUPPORTED,
          PATH
              + " cannot be opened: "
              + Libc.describe(Libc.lastError())
              + "; needed: the fuse module of the kernel, and root");
    }
    return new Device(descriptor);
  }

  /** Another descriptor of this one's connection. */
  Device copy() throws CurvineException {
    Device copy = open();
    ByteBuffer number = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
    number.putInt(0, descriptor);
    int result =
        Libc.calls().ioctl(copy.descriptor, Libc.FUSE_DEV_IOC_CLONE, Libc.addressOf(number));
    if (result < 0) {
      String why = Libc.describe(Libc.lastError());
      copy.close();
      throw new CurvineException(ErrorCode.UNSUPPORTED, PATH + " cannot be cloned: " + why);
    }
    return copy;
  }

  int descriptor() {
    return descriptor;
  }

  /** Waits for the next request; false once the file system is unmounted. */
  boolean receive(Request request) throws IOException {
    while (true) {
      long bytes = Libc.calls().read(descriptor, request.address(), request.capacity());
      if (bytes >= 0) {
        request.received((int) bytes);
        return true;
      }
      int error = Libc.lastError();
      switch (error) {
        case Errno.ENODEV -> {
          return false;
        }
        // A signal, or a request that its caller gave up before it was handed over.
        case Errno.EINTR, Errno.EAGAIN, Errno.ENOENT -> {}
        default -> throw new ErrnoException(error, "read of " + PATH + ": " + Libc.describe(error));
      }
    }
  }

  /** Sends an answer; one that nobody waits for any more is dropped. */
  void send(Reply reply, int bytes) throws IOException {
    long written = Libc.calls().write(descriptor, reply.address(), bytes);
    if (written < 0) {
      int error = Libc.lastError();
      if (error != Errno.ENOENT && error != Errno.ENODEV) {
        throw new ErrnoException(error, "write to " + PATH + ": " + Libc.describe(error));
      }
    }
  }

  @Override
  public void close() {
    Libc.calls().close(descriptor);
  }
}
