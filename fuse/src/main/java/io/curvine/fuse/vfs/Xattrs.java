/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Extended attributes. The kernel asks for security and ACL attributes over and over; those are
 * answered here without a call. Thread-safe.
 */
public final class Xattrs {
  private static final ByteString SECURITY = ByteString.copyFromUtf8("security.");
  private static final List<ByteString> KEPT =
      List.of(ByteString.copyFromUtf8("user."), ByteString.copyFromUtf8("trusted."));

  private final Backend backend;
  private final LongFunction<Nameless> namelessNodes;

  /**
   * Attributes of the backend's inodes, and of those that have no name any more.
   *
   * @param namelessNodes gives null for a node that has a name
   */
  Xattrs(Backend backend, LongFunction<Nameless> namelessNodes) {
    this.backend = backend;
    this.namelessNodes = namelessNodes;
  }

  /** A call on the attributes of an inode, wherever they are. */
  private interface Call<T, F> {
    T on(F from) throws IOException;
  }

  private <T> T call(long node, Call<T, Backend> named, Call<T, Nameless> nameless)
      throws IOException {
    Nameless before = namelessNodes.apply(node);
    if (before != null) {
      return nameless.on(before);
    }
    try {
      return named.on(backend);
    } catch (CurvineException e) {
      Nameless meanwhile = namelessNodes.apply(node);
      if (e.code() == ErrorCode.NOT_FOUND && meanwhile != null) {
        return nameless.on(meanwhile);
      }
      throw e;
    }
  }

  public ByteString get(Caller caller, long node, ByteString name) throws IOException {
    if (name.startsWith(SECURITY)) {
      throw new ErrnoException(Errno.ENODATA, "security attributes are not kept");
    }
    requireKept(name);
    return call(node, kept -> kept.xattr(caller, node, name), gone -> gone.xattr(name));
  }

  public List<ByteString> list(Caller caller, long node) throws IOException {
    return call(node, kept -> kept.xattrs(caller, node), Nameless::xattrs);
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
    call(
        node,
        kept -> {
          kept.setXattr(caller, node, name, value, create, replace);
          return null;
        },
        gone -> {
          gone.setXattr(name, value, create, replace);
          return null;
        });
  }

  public void remove(Caller caller, long node, ByteString name) throws IOException {
    refuseSecurity(name);
    requireKept(name);
    call(
        node,
        kept -> {
          kept.removeXattr(caller, node, name);
          return null;
        },
        gone -> {
          gone.removeXattr(name);
          return null;
        });
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
