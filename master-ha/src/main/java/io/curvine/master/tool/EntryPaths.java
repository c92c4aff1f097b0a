/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.proto.Inode;
import java.util.HashMap;
import java.util.Map;

/**
 * Paths of entries by what is above them. Remembers every directory that it has met. For one
 * thread.
 */
final class EntryPaths {
  private static final String DETACHED = "";

  private final NamespaceView namespace;
  private final Map<Long, String> directories = new HashMap<>();

  EntryPaths(NamespaceView namespace) {
    this.namespace = namespace;
  }

  /** The path of a name, or null where what is above it was deleted. */
  String of(long parent, ByteString name) {
    String above = directory(parent);
    return above == null ? null : (above.equals("/") ? "" : above) + "/" + Text.of(name);
  }

  /** The path of a directory, or null where it or something above it was deleted. */
  String directory(long id) {
    String known = directories.get(id);
    if (known == null) {
      String found = find(id);
      known = found == null ? DETACHED : found;
      directories.put(id, known);
    }
    return known.equals(DETACHED) ? null : known;
  }

  private String find(long id) {
    if (id == NamespaceView.ROOT) {
      return "/";
    }
    Inode inode = namespace.find(id);
    if (inode == null || namespace.childId(inode.getParent(), inode.getName()) != id) {
      return null;
    }
    return of(inode.getParent(), inode.getName());
  }
}
