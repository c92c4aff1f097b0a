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
import io.curvine.protocol.proto.LookupPath;
import io.curvine.protocol.proto.PathEntries;
import io.curvine.protocol.proto.XattrNames;
import io.curvine.protocol.proto.XattrValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Queries on entries of the namespace. */
final class EntryQueries {
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

  PathEntries lookup(LookupPath query) throws Refused, NeedsUfs {
    EntryRef at = query.getAt();
    Inode inode = state.resolver().entry(at, query.getFollow());
    Entry.Builder last = Entry.newBuilder().setName(inode.getName()).setInode(inode);
    long parent = inode.getParent();
    boolean byName = at.hasChild() || (at.hasPath() && inode.getId() != NamespaceView.ROOT);
    if (byName && !(query.getFollow() && isReachedByLink(at, inode))) {
      PathResolver.Place place = state.resolver().place(at);
      last.setName(place.name());
      parent = place.parent().getId();
    }
    List<Entry> upwards = new ArrayList<>();
    upwards.add(last.build());
    for (long id = parent; inode.getId() != NamespaceView.ROOT; ) {
      Inode directory = state.namespace().require(id);
      upwards.add(Entry.newBuilder().setName(directory.getName()).setInode(directory).build());
      if (id == NamespaceView.ROOT) {
        break;
      }
      id = directory.getParent();
    }
    Collections.reverse(upwards);
    return PathEntries.newBuilder().addAllEntries(upwards).build();
  }

  /** Whether the last name is that of a symbolic link to the inode, and not of the inode. */
  private boolean isReachedByLink(EntryRef at, Inode inode) throws Refused, NeedsUfs {
    return state.resolver().entry(at, false).getId() != inode.getId();
  }

  /** See {@link Bounds#partly}. */
  DirectoryPage list(ListDirectory query, Map<Long, ByteString> partly) throws Refused, NeedsUfs {
    Inode directory = state.resolver().directory(query.getAt());
    boolean missing = state.mounts().namesMissing(directory);
    ByteString upTo = missing ? partly.get(directory.getId()) : null;
    if (missing && upTo == null) {
      throw new NeedsUfs(List.of(directory.getId()));
    }
    int limit = query.getLimit() == 0 ? Limits.LIST_PAGE_DEFAULT_ENTRIES : query.getLimit();
    if (limit < 1 || limit > Limits.LIST_PAGE_MAX_ENTRIES) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "limit is " + query.getLimit() + "; allowed: 0 to " + Limits.LIST_PAGE_MAX_ENTRIES);
    }
    DirectoryPage.Builder page = DirectoryPage.newBuilder().setDirectory(directory.getId());
    long[] bytes = {0};
    state
        .namespace()
        .children(
            directory.getId(),
            query.getAfter(),
            (name, inode) -> {
              if (upTo != null
                  && ByteString.unsignedLexicographicalComparator().compare(name, upTo) > 0) {
                return false;
              }
              if (page.getEntriesCount() == limit || bytes[0] > Limits.LIST_PAGE_MAX_BYTES) {
                page.setMore(true);
                return false;
              }
              Entry entry =
                  Entry.newBuilder()
                      .setName(name)
                      .setInode(state.namespace().require(inode))
                      .build();
              bytes[0] += entry.getSerializedSize();
              page.addEntries(entry);
              return true;
            });
    if (missing) {
      if (!page.getMore() && page.getEntriesCount() < limit) {
        throw new NeedsUfs(List.of(directory.getId()));
      }
      page.setMore(true); // as far as is known
    }
    return page.build();
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
    return new Summary(state).of(state.resolver().entry(at, false));
  }
}
