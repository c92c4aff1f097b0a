/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.ChildRef;
import io.curvine.protocol.proto.EntryRef;

/** Names an entry of the namespace. Names are checked when a call is made with them. */
public final class Refs {
  /** Inode of the namespace's root directory. */
  public static final long ROOT_INODE = 1;

  private Refs() {}

  /** By absolute path, '/'-separated. */
  public static EntryRef path(String path) {
    return path(ByteString.copyFromUtf8(path));
  }

  /** By absolute path, of any bytes but NUL. */
  public static EntryRef path(ByteString path) {
    return EntryRef.newBuilder().setPath(path).build();
  }

  /** By number, whatever its names are now. */
  public static EntryRef inode(long inode) {
    return EntryRef.newBuilder().setInode(inode).build();
  }

  /** By a name in a directory. */
  public static EntryRef child(long parent, ByteString name) {
    return EntryRef.newBuilder()
        .setChild(ChildRef.newBuilder().setParent(parent).setName(name))
        .build();
  }
}
