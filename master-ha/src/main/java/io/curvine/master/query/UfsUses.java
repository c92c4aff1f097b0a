/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.StateView;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.Query;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a query uses of mounts that bound how long ago a comparison with the UFS may be: directories
 * in which it looks a name up or that it lists, and the file that it opens. A path is followed up
 * to its first symbolic link. Immutable.
 *
 * @param directories whose names are known here
 * @param file to be read; null: none
 */
public record UfsUses(Set<Inode> directories, Inode file) {
  public UfsUses {
    directories = new LinkedHashSet<>(directories);
  }

  @Override
  public Set<Inode> directories() {
    return new LinkedHashSet<>(directories);
  }

  /** Whether a mount bounds anything. */
  static boolean bounds(Mount mount) {
    return mount.getMode() == MountMode.CACHE
        && (mount.getListTtlMs() != 0 || mount.getVerifyMs() != 0);
  }

  static UfsUses of(Query query, StateView state) {
    Finder finder = new Finder(state);
    switch (query.getQueryCase()) {
      case GET_ENTRY -> finder.follow(query.getGetEntry().getAt());
      case LOOKUP_PATH -> finder.follow(query.getLookupPath().getAt());
      case GET_XATTR -> finder.follow(query.getGetXattr().getAt());
      case LIST_XATTRS -> finder.follow(query.getListXattrs().getAt());
      case GET_CONTENT_SUMMARY -> finder.follow(query.getGetContentSummary().getAt());
      case BATCH_GET_ENTRY -> query.getBatchGetEntry().getAtList().forEach(finder::follow);
      case LIST_DIRECTORY -> finder.use(finder.follow(query.getListDirectory().getAt()));
      case GET_LAYOUT -> finder.open(finder.follow(query.getGetLayout().getAt()));
      default -> {}
    }
    return new UfsUses(finder.directories, finder.file);
  }

  /** Follows references to entries and keeps what it comes by. */
  private static final class Finder {
    private final StateView state;
    private final Set<Inode> directories = new LinkedHashSet<>();
    private Inode file;

    Finder(StateView state) {
      this.state = state;
    }

    private Mount mountOf(Inode inode) {
      Mount mount = state.mounts().find(inode.getMountId());
      return mount == null || mount.getMode() != MountMode.CACHE ? null : mount;
    }

    void use(Inode directory) {
      if (directory == null || !directory.getNamesLoaded()) {
        return;
      }
      Mount mount = mountOf(directory);
      if (mount != null && mount.getListTtlMs() != 0) {
        directories.add(directory);
      }
    }

    void open(Inode inode) {
      if (inode != null && NamespaceView.isFile(inode)) {
        Mount mount = mountOf(inode);
        file = mount != null && mount.getVerifyMs() != 0 ? inode : null;
      }
    }

    /** The entry, as far as it is known; else null. */
    Inode follow(EntryRef at) {
      return switch (at.getRefCase()) {
        case INODE -> state.namespace().find(at.getInode());
        case CHILD -> {
          Inode parent = state.namespace().find(at.getChild().getParent());
          use(parent);
          yield parent == null
              ? null
              : state.namespace().child(parent.getId(), at.getChild().getName());
        }
        case PATH -> walk(at.getPath());
        case REF_NOT_SET -> null;
      };
    }

    private Inode walk(ByteString path) {
      Inode here = state.namespace().find(NamespaceView.ROOT);
      for (ByteString name : names(path)) {
        if (here == null || !NamespaceView.isDirectory(here)) {
          return null;
        }
        use(here);
        here = state.namespace().child(here.getId(), name);
      }
      return here;
    }

    private static List<ByteString> names(ByteString path) {
      List<ByteString> names = new ArrayList<>();
      int from = 0;
      for (int i = 0; i <= path.size(); i++) {
        if (i == path.size() || path.byteAt(i) == '/') {
          if (i > from) {
            names.add(path.substring(from, i));
          }
          from = i + 1;
        }
      }
      return names;
    }
  }
}
