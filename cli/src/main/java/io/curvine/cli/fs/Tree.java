/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.client.Namespace;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;

/** Walks a part of the namespace, a directory before what is in it. Stateless. */
final class Tree {
  private Tree() {}

  /** Visits the path and, where it is a directory and that is wanted, all below. */
  static void walk(Namespace namespace, RemotePath path, boolean below, Visitor visitor)
      throws IOException {
    visit(namespace, path, namespace.get(path.ref(), false).getInode(), below, visitor);
  }

  private static void visit(
      Namespace namespace, RemotePath path, Inode inode, boolean below, Visitor visitor)
      throws IOException {
    visitor.visit(path, inode);
    if (below && inode.getType() == InodeType.DIRECTORY) {
      for (Entry entry : namespace.entries(path.ref())) {
        RemotePath child = path.child(entry.getName().toStringUtf8());
        visit(namespace, child, entry.getInode(), true, visitor);
      }
    }
  }

  /** What is done at each entry. */
  interface Visitor {
    void visit(RemotePath path, Inode inode) throws IOException;
  }
}
