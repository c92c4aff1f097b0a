/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import com.google.protobuf.ByteString;
import io.curvine.fuse.vfs.Caller;
import io.curvine.fuse.vfs.Errno;
import io.curvine.fuse.vfs.ErrnoException;
import io.curvine.fuse.vfs.Vfs;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.SetAttributes;
import io.curvine.protocol.proto.StatFs;
import java.io.IOException;
import java.time.Instant;

/** Requests on names and attributes. Thread-safe. */
final class NodeOperations {
  private static final int MODE_BITS = 07777;
  private static final int TYPE_MASK = 0170000;
  private static final int REGULAR = 0100000;
  private static final int RENAME_NO_REPLACE = 1;
  private static final int RENAME_EXCHANGE = 2;
  private static final int SET_MODE = 1;
  private static final int SET_UID = 1 << 1;
  private static final int SET_GID = 1 << 2;
  private static final int SET_SIZE = 1 << 3;
  private static final int SET_ATIME = 1 << 4;
  private static final int SET_MTIME = 1 << 5;
  private static final int SET_ATIME_NOW = 1 << 7;
  private static final int SET_MTIME_NOW = 1 << 8;
  private static final int KILL_SET_ID = 1 << 11;
  private static final int NAME_MAX_BYTES = 255;
  private static final int STATFS_BLOCK_BYTES = 4096;

  /** Inodes are not limited; programs want to see that some are free. */
  private static final long FREE_INODES = 1L << 32;

  private final Vfs vfs;
  private final Attributes attributes;

  NodeOperations(Vfs vfs, Attributes attributes) {
    this.vfs = vfs;
    this.attributes = attributes;
  }

  void lookup(Request request, Reply reply) throws IOException {
    try {
      attributes.entry(reply, vfs.lookup(request.caller(), request.node(), request.name()));
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.NOT_FOUND || !attributes.cachesAbsence()) {
        throw e;
      }
      attributes.absence(reply);
    }
  }

  void forget(Request request) {
    vfs.forget(request.node());
  }

  void batchForget(Request request) {
    int count = request.u32();
    request.skip(4);
    for (int i = 0; i < count; i++) {
      vfs.forget(request.u64());
      request.skip(8);
    }
  }

  void getAttributes(Request request, Reply reply) throws IOException {
    attributes.attributes(reply, vfs.attributes(request.caller(), request.node()));
  }

  void setAttributes(Request request, Reply reply) throws IOException {
    final int valid = request.u32();
    request.skip(12); // padding, handle
    final long size = request.u64();
    request.skip(8); // lock owner
    long atime = request.u64();
    long mtime = request.u64();
    request.skip(8); // ctime
    atime = Attributes.time(atime, request.u32());
    mtime = Attributes.time(mtime, request.u32());
    request.skip(4); // ctime
    SetAttributes.Builder change = SetAttributes.newBuilder();
    int mode = request.u32();
    if ((valid & SET_MODE) != 0) {
      change.setMode(mode & MODE_BITS);
    }
    request.skip(4);
    int uid = request.u32();
    if ((valid & SET_UID) != 0) {
      change.setUid(uid);
    }
    int gid = request.u32();
    if ((valid & SET_GID) != 0) {
      change.setGid(gid);
    }
    Instant clock = Instant.now();
    long now = Attributes.time(clock.getEpochSecond(), clock.getNano());
    if ((valid & SET_ATIME) != 0) {
      change.setAtimeNanos((valid & SET_ATIME_NOW) != 0 ? now : atime);
    }
    if ((valid & SET_MTIME) != 0) {
      change.setMtimeNanos((valid & SET_MTIME_NOW) != 0 ? now : mtime);
    }
    Inode set =
        vfs.setAttributes(
            request.caller(),
            request.node(),
            change.build(),
            (valid & SET_SIZE) != 0 ? size : null,
            (valid & KILL_SET_ID) != 0);
    attributes.attributes(reply, set);
  }

  void readLink(Request request, Reply reply) throws IOException {
    reply.bytes(vfs.readLink(request.caller(), request.node()));
  }

  void symlink(Request request, Reply reply) throws IOException {
    ByteString name = request.name();
    ByteString target = request.name();
    attributes.entry(reply, vfs.symlink(request.caller(), request.node(), name, target));
  }

  void link(Request request, Reply reply) throws IOException {
    long existing = request.u64();
    ByteString name = request.name();
    attributes.entry(reply, vfs.link(request.caller(), existing, request.node(), name));
  }

  void makeNode(Request request, Reply reply) throws IOException {
    final int mode = request.u32();
    final int device = request.u32();
    request.skip(8); // umask, padding
    ByteString name = request.name();
    Caller caller = request.caller();
    long directory = request.node();
    int type = mode & TYPE_MASK;
    int rights = mode & MODE_BITS;
    attributes.entry(
        reply,
        type == REGULAR || type == 0
            ? vfs.makeFile(caller, directory, name, rights)
            : vfs.makeSpecial(caller, directory, name, special(type), rights, device));
  }

  private static SpecialType special(int type) throws ErrnoException {
    return SpecialType.of(type)
        .orElseThrow(
            () ->
                new ErrnoException(
                    Errno.EINVAL,
                    "type 0" + Integer.toOctalString(type) + " cannot be made by mknod"));
  }

  void makeDirectory(Request request, Reply reply) throws IOException {
    int mode = request.u32();
    request.skip(4); // umask
    ByteString name = request.name();
    attributes.entry(
        reply, vfs.makeDirectory(request.caller(), request.node(), name, mode & MODE_BITS));
  }

  void unlink(Request request) throws IOException {
    vfs.unlink(request.caller(), request.node(), request.name());
  }

  void removeDirectory(Request request) throws IOException {
    vfs.removeDirectory(request.caller(), request.node(), request.name());
  }

  void rename(Request request) throws IOException {
    long to = request.u64();
    rename(request, to, false);
  }

  void rename2(Request request) throws IOException {
    long to = request.u64();
    int flags = request.u32();
    request.skip(4);
    switch (flags) {
      case 0, RENAME_NO_REPLACE -> rename(request, to, flags != 0);
      case RENAME_EXCHANGE -> exchange(request, to);
      default ->
          throw new ErrnoException(
              Errno.EINVAL,
              "flags of a rename are "
                  + flags
                  + "; allowed: 1, to replace nothing, or 2, to"
                  + " exchange");
    }
  }

  private void exchange(Request request, long to) throws IOException {
    ByteString first = request.name();
    ByteString second = request.name();
    vfs.exchange(request.caller(), request.node(), first, to, second);
  }

  private void rename(Request request, long to, boolean noReplace) throws IOException {
    ByteString fromName = request.name();
    ByteString toName = request.name();
    Caller caller = request.caller();
    vfs.rename(caller, request.node(), fromName, to, toName, noReplace);
  }

  void statFs(Request request, Reply reply) throws IOException {
    StatFs stat = vfs.statFs(request.node());
    long blocks = stat.getCapacityBytes() / STATFS_BLOCK_BYTES;
    long used = (stat.getUsedBytes() + STATFS_BLOCK_BYTES - 1) / STATFS_BLOCK_BYTES;
    long free = Math.max(0, blocks - used);
    reply.u64(blocks).u64(free).u64(free);
    long freeInodes =
        stat.getMaxInodes() == 0
            ? FREE_INODES
            : Math.max(0, stat.getMaxInodes() - stat.getInodes());
    reply.u64(stat.getInodes() + freeInodes).u64(freeInodes);
    reply.u32(STATFS_BLOCK_BYTES).u32(NAME_MAX_BYTES).u32(STATFS_BLOCK_BYTES).u32(0);
    reply.u64(0).u64(0).u64(0);
  }
}
