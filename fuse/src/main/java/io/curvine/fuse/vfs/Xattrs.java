/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import com.google.protobuf.ByteString;
import io.curvine.protocol.Limits;
import java.io.IOException;
import java.util.List;

/**
 * Extended attributes. The kernel asks for security and ACL attributes over and over; those are
 * answered here without a call. Thread-safe.
 */
public final class Xattrs {
  private static final ByteString SECURITY = ByteString.copyFromUtf8("security.");
  private static final List<ByteString> KEPT =
      List.of(ByteString.copyFromUtf8("user."), ByteString.copyFromUtf8("trusted."));

  private final Backend backend;

  Xattrs(Backend backend) {
    this.backend = backend;
  }

  public ByteString get(Caller caller, long node, ByteString name) throws IOException {
    if (name.startsWith(SECURITY)) {
      throw new ErrnoException(Errno.ENODATA, "security attributes are not kept");
    }
    requireKept(name);
    return backend.xattr(caller, node, name);
  }

  public List<ByteString> list(Caller caller, long node) throws IOException {
    return backend.xattrs(caller, node);
  }

  /** With create, EEXIST where it exists; with replace, ENODATA where it does not. */
  public void set(
      Caller caller, long node, ByteString name, ByteString value, boolean create, boolean replace)
      throws IOException {
    refuseSecurity(name);
    requireKept(name);
    if (name.size() > Limits.XATTR_NAME_MAX_BYTES) {
      throw new ErrnoException(Errno.ERANGE, "attribute name of " + name.size() + " bytes");
    }
    if (value.size() > Limits.XATTR_VALUE_MAX_BYTES) {
      throw new ErrnoException(Errno.E2BIG, "attribute value of " + value.size() + " bytes");
    }
    backend.setXattr(caller, node, name, value, create, replace);
  }

  public void remove(Caller caller, long node, ByteString name) throws IOException {
    refuseSecurity(name);
    requireKept(name);
    backend.removeXattr(caller, node, name);
  }

  private static void refuseSecurity(ByteString name) throws ErrnoException {
    if (name.startsWith(SECURITY)) {
      throw new ErrnoException(Errno.EOPNOTSUPP, "security attributes are not kept");
    }
  }

  /** A local file system has no attributes of other namespaces either, and none without a name. */
  private static void requireKept(ByteString name) throws ErrnoException {
    for (ByteString namespace : KEPT) {
      if (name.equals(namespace)) {
        throw new ErrnoException(Errno.EINVAL, "an attribute has a name behind its namespace");
      }
      if (name.startsWith(namespace)) {
        return;
      }
    }
    throw new ErrnoException(Errno.EOPNOTSUPP, "only user and trusted attributes are kept");
  }
}
