/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import com.google.protobuf.ByteString;
import io.curvine.fuse.vfs.Errno;
import io.curvine.fuse.vfs.ErrnoException;
import io.curvine.fuse.vfs.Xattrs;
import java.io.IOException;
import java.util.List;

/** Requests on extended attributes. Thread-safe. */
final class XattrOperations {
  private static final int CREATE = 1;
  private static final int REPLACE = 2;
  private static final ByteString NUL = ByteString.copyFrom(new byte[1]);

  private final Xattrs xattrs;

  XattrOperations(Xattrs xattrs) {
    this.xattrs = xattrs;
  }

  void get(Request request, Reply reply) throws IOException {
    int room = request.u32();
    request.skip(4);
    answer(reply, room, xattrs.get(request.caller(), request.node(), request.name()));
  }

  void list(Request request, Reply reply) throws IOException {
    int room = request.u32();
    List<ByteString> names = xattrs.list(request.caller(), request.node());
    ByteString all = ByteString.EMPTY;
    for (ByteString name : names) {
      all = all.concat(name).concat(NUL);
    }
    answer(reply, room, all);
  }

  void set(Request request) throws IOException {
    int size = request.u32();
    int flags = request.u32();
    ByteString name = request.name();
    ByteString value = ByteString.copyFrom(request.data(size));
    xattrs.set(
        request.caller(),
        request.node(),
        name,
        value,
        (flags & CREATE) != 0,
        (flags & REPLACE) != 0);
  }

  void remove(Request request) throws IOException {
    xattrs.remove(request.caller(), request.node(), request.name());
  }

  /** The value, or its size where the caller has no room yet. */
  private static void answer(Reply reply, int room, ByteString value) throws ErrnoException {
    if (room == 0) {
      reply.u32(value.size()).u32(0);
    } else if (value.size() > room) {
      throw new ErrnoException(Errno.ERANGE, "attribute needs " + value.size() + " bytes");
    } else {
      reply.bytes(value);
    }
  }
}
