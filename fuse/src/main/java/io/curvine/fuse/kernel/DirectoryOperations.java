/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import com.google.protobuf.ByteString;
import io.curvine.fuse.vfs.DirectorySink;
import io.curvine.fuse.vfs.Vfs;
import io.curvine.protocol.proto.Inode;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Requests on open directories. Thread-safe. */
final class DirectoryOperations {
  private static final int DIRENT_BYTES = 24;
  private static final int ALIGN_BYTES = 8;

  private final Vfs vfs;
  private final Attributes attributes;

  DirectoryOperations(Vfs vfs, Attributes attributes) {
    this.vfs = vfs;
    this.attributes = attributes;
  }

  void open(Request request, Reply reply) {
    reply.u64(vfs.openDirectory(request.caller(), request.node())).u32(0).u32(0);
  }

  void read(Request request, Reply reply, boolean plus) throws IOException {
    long handle = request.u64();
    long cookie = request.u64();
    int size = request.u32();
    ByteBuffer body = reply.body();
    body.limit(Math.min(size, body.capacity()));
    vfs.readDirectory(handle, cookie, sink(reply, plus));
    body.limit(body.capacity());
  }

  void release(Request request) throws IOException {
    vfs.releaseDirectory(request.u64());
  }

  private DirectorySink sink(Reply reply, boolean plus) {
    return (name, entry, next, current) -> {
      int padded = (DIRENT_BYTES + name.size() + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
      int needed = padded + (plus ? Attributes.ENTRY_BYTES : 0);
      if (reply.body().remaining() < needed) {
        return false;
      }
      if (plus) {
        entry(reply, entry, current);
      }
      dirent(reply, name, entry, next);
      return true;
    };
  }

  private void entry(Reply reply, Inode entry, boolean current) {
    if (current) {
      attributes.entry(reply, entry);
    } else {
      attributes.unknown(reply);
    }
  }

  private static void dirent(Reply reply, ByteString name, Inode entry, long next) {
    reply.u64(entry.getId()).u64(next).u32(name.size()).u32(Attributes.typeBits(entry));
    reply.bytes(name);
    for (int i = name.size(); i % ALIGN_BYTES != 0; i++) {
      reply.body().put((byte) 0);
    }
  }
}
