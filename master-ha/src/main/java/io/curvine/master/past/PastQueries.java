/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import io.curvine.master.query.Found;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.PathResolver;
import io.curvine.master.state.view.Refused;
import io.curvine.master.state.view.StateView;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.QueryResult;

/** Answers queries on past states, as far as the modes of the state allow. Stateless. */
final class PastQueries {
  private PastQueries() {}

  static Found find(PastState state, Query query, Principal principal) {
    Refused refused = state.store().read(view -> refusal(view, query, new PastRights(principal)));
    if (refused != null) {
      return new Found(QueryResult.newBuilder().setOffset(state.offset()).build(), refused);
    }
    try {
      return state.queries().find(query);
    } catch (NeedsUfs needs) {
      return new Found(
          QueryResult.newBuilder().setOffset(state.offset()).build(),
          new Refused(
              ErrorCode.UNSUPPORTED,
              "the names there had not been asked of the UFS at offset "
                  + state.offset()
                  + ", so the journal does not know them"));
    }
  }

  /** Null where the query is allowed, or will be refused for what it asks. */
  private static Refused refusal(StateView view, Query query, PastRights rights) {
    try {
      require(view, query, rights);
      return null;
    } catch (Refused refused) {
      return refused;
    } catch (NeedsUfs needs) {
      return null; // The query itself will say so.
    }
  }

  private static void require(StateView view, Query query, PastRights rights)
      throws Refused, NeedsUfs {
    switch (query.getQueryCase()) {
      case GET_ENTRY ->
          reached(query.getGetEntry().getAt(), query.getGetEntry().getFollow(), view, rights);
      case LOOKUP_PATH ->
          reached(query.getLookupPath().getAt(), query.getLookupPath().getFollow(), view, rights);
      case LIST_DIRECTORY ->
          readable(
              query.getListDirectory().getAt(), PastRights.READ | PastRights.SEARCH, view, rights);
      case GET_LAYOUT -> {
        if (query.getGetLayout().getRefresh()) {
          throw new Refused(
              ErrorCode.UFS_CHANGED,
              "the content at offset "
                  + view.meta().nextOffset()
                  + " cannot be had: no worker's cache has it any more, and the UFS has another"
                  + " version, or none");
        }
        readable(query.getGetLayout().getAt(), PastRights.READ, view, rights);
      }
      case GET_XATTR -> readable(query.getGetXattr().getAt(), PastRights.READ, view, rights);
      case LIST_XATTRS -> readable(query.getListXattrs().getAt(), PastRights.READ, view, rights);
      default ->
          throw new Refused(
              ErrorCode.UNSUPPORTED,
              query.getQueryCase()
                  + " of a past state; allowed: entries, listings, layouts and attributes");
    }
  }

  private static Inode reached(EntryRef at, boolean follow, StateView view, PastRights rights)
      throws Refused, NeedsUfs {
    String what = PathResolver.describe(at);
    Inode given = view.namespace().find(given(at));
    if (given != null) {
      rights.requireReach(given, view.namespace(), what);
    }
    return view.resolver(rights.guard(what)).entry(at, follow);
  }

  /** The inode that is named by its number; what is above it was walked at another time. */
  private static long given(EntryRef at) {
    return switch (at.getRefCase()) {
      case INODE -> at.getInode();
      case CHILD -> at.getChild().getParent();
      case PATH, REF_NOT_SET -> NamespaceView.ROOT;
    };
  }

  private static void readable(EntryRef at, int right, StateView view, PastRights rights)
      throws Refused, NeedsUfs {
    rights.require(reached(at, true, view, rights), right, PathResolver.describe(at));
  }
}
