/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.PathResolver;
import io.curvine.master.state.view.Refused;
import io.curvine.master.state.view.StateView;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.ContentSummary;
import io.curvine.protocol.proto.DirectoryPage;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetEntry;
import io.curvine.protocol.proto.GetXattr;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.ListDirectory;
import io.curvine.protocol.proto.XattrNames;
import io.curvine.protocol.proto.XattrValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Queries on entries of the namespace. */
final class EntryQueries {
  /** Directories that one summary asks to be loaded at once. */
  private static final int LOADS_MAX = 256;

  private final StateView state;

  EntryQueries(StateView state) {
    this.state = state;
  }

  Entry get(GetEntry query) throws Refused, NeedsUfs {
    Inode inode = state.resolver().entry(query.getAt(), query.getFollow());
    Entry.Builder entry = Entry.newBuilder().setName(inode.getName()).setInode(inode);
    if (query.getWithPath()) {
      entry.setPath(state.namespace().path(inode));
    }
    return entry.build();
  }

  DirectoryPage list(ListDirectory query) throws Refused, NeedsUfs {
    Inode directory = state.resolver().directory(query.getAt());
    requireLoaded(directory);
    int limit = query.getLimit() == 0 ? Limits.LIST_PAGE_DEFAULT_ENTRIES : query.getLimit();
    if (limit < 1 || limit > Limits.LIST_PAGE_MAX_ENTRIES) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "limit is " + query.getLimit() + "; allowed: 0 to " + Limits.LIST_PAGE_MAX_ENTRIES);
    }
    DirectoryPage.Builder page = DirectoryPage.newBuilder().setDirectory(directory.getId());
    state
        .namespace()
        .children(
            directory.getId(),
            query.getAfter(),
            (name, inode) -> {
              if (page.getEntriesCount() == limit) {
                page.setMore(true);
                return false;
              }
              page.addEntries(
                  Entry.newBuilder().setName(name).setInode(state.namespace().require(inode)));
              return true;
            });
    return page.build();
  }

  private void requireLoaded(Inode directory) throws NeedsUfs {
    if (state.mounts().namesMissing(directory)) {
      throw new NeedsUfs(List.of(directory.getId()));
    }
  }

  XattrValue xattr(GetXattr query) throws Refused, NeedsUfs {
    Inode inode = state.resolver().entry(query.getAt(), true);
    ByteString value = state.namespace().xattr(inode.getId(), query.getName());
    if (value == null) {
      throw new Refused(
          ErrorCode.NO_SUCH_ATTRIBUTE,
          PathResolver.describe(query.getAt())
              + " has no attribute '"
              + query.getName().toStringUtf8()
              + "'");
    }
    return XattrValue.newBuilder().setValue(value).build();
  }

  XattrNames xattrs(EntryRef at) throws Refused, NeedsUfs {
    Inode inode = state.resolver().entry(at, true);
    return XattrNames.newBuilder().addAllNames(state.namespace().xattrNames(inode.getId())).build();
  }

  ContentSummary summary(EntryRef at) throws Refused, NeedsUfs {
    ContentSummary.Builder sum = ContentSummary.newBuilder();
    List<Long> missing = new ArrayList<>();
    Deque<Inode> left = new ArrayDeque<>();
    left.push(state.resolver().entry(at, false));
    while (!left.isEmpty() && missing.size() < LOADS_MAX) {
      Inode inode = left.pop();
      switch (inode.getType()) {
        case FILE ->
            sum.setFiles(sum.getFiles() + 1)
                .setLengthBytes(sum.getLengthBytes() + inode.getLengthBytes());
        case SYMLINK -> sum.setSymlinks(sum.getSymlinks() + 1);
        default -> {
          sum.setDirectories(sum.getDirectories() + 1);
          if (state.mounts().namesMissing(inode)) {
            missing.add(inode.getId());
          } else {
            pushChildren(inode, left);
          }
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new NeedsUfs(missing);
    }
    return sum.build();
  }

  private void pushChildren(Inode directory, Deque<Inode> left) {
    NamespaceView namespace = state.namespace();
    namespace.children(
        directory.getId(),
        ByteString.EMPTY,
        (name, inode) -> {
          left.push(namespace.require(inode));
          return true;
        });
  }
}
