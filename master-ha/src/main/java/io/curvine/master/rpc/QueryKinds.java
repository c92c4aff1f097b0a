/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import com.google.protobuf.ByteString;
import io.curvine.master.query.Bounds;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.Consistency;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.Query;

/** What is decided by a query's kind, in one place. */
final class QueryKinds {
  /** A longer path is not resolved on an event loop. */
  private static final int BRIEF_COMPONENTS_MAX = 64;

  /** What a brief query's answer keeps to; one that cannot is begun again elsewhere. */
  static final Bounds BRIEF = Bounds.brief(256);

  private QueryKinds() {}

  /**
   * Whether the query touches so few keys that it is answered on the event loop that read it, which
   * costs less than handing it to another thread; within {@link #BRIEF}. Symbolic links on the way
   * are not counted: there are at most {@link Limits#SYMLINK_FOLLOW_MAX}, each with a path of
   * bounded length.
   */
  static boolean isBrief(Query query) {
    return switch (query.getQueryCase()) {
      // The path of an inode has as many components as it is deep, which nothing bounds.
      case GET_ENTRY ->
          query.getGetEntry().getWithPath()
              ? query.getGetEntry().getAt().hasPath() && isBrief(query.getGetEntry().getAt())
              : isBrief(query.getGetEntry().getAt());
      case GET_LAYOUT ->
          !query.getGetLayout().getRefresh() && isBrief(query.getGetLayout().getAt());
      case GET_XATTR -> isBrief(query.getGetXattr().getAt());
      case GET_STAT_FS -> !query.getGetStatFs().hasAt();
      case LIST_DIRECTORY,
          LIST_XATTRS,
          GET_CONTENT_SUMMARY,
          GET_CLUSTER_STATUS,
          LIST_MOUNTS,
          WAIT_JOBS,
          LIST_JOBS,
          BATCH_GET_ENTRY,
          LOOKUP_PATH,
          LIST_QUOTAS,
          LIST_POLICIES,
          QUERY_NOT_SET ->
          false;
    };
  }

  private static boolean isBrief(EntryRef at) {
    if (!at.hasPath()) {
      return true;
    }
    ByteString path = at.getPath();
    int slashes = 0;
    for (int i = 0; i < path.size(); i++) {
      if (path.byteAt(i) == '/') {
        slashes++;
      }
    }
    return slashes <= BRIEF_COMPONENTS_MAX;
  }

  /** Whether a master that does not lead has what the answer is made of. */
  static boolean anyMasterCan(Query query) {
    return switch (query.getQueryCase()) {
      case GET_LAYOUT -> !query.getGetLayout().getRefresh();
      case GET_CLUSTER_STATUS, WAIT_JOBS -> false;
      case GET_ENTRY,
          LIST_DIRECTORY,
          GET_XATTR,
          LIST_XATTRS,
          GET_CONTENT_SUMMARY,
          LIST_MOUNTS,
          GET_STAT_FS,
          BATCH_GET_ENTRY,
          LOOKUP_PATH,
          LIST_QUOTAS,
          LIST_POLICIES,
          LIST_JOBS,
          QUERY_NOT_SET ->
          true;
    };
  }

  /** What is wrong with how current an answer is asked for; empty where nothing is. */
  static String problem(Query query) {
    if (query.getConsistency() == Consistency.UNRECOGNIZED) {
      return "consistency is " + query.getConsistencyValue() + "; allowed: 0 to 2";
    }
    if (query.getMinOffset() < 0) {
      return "min_offset is "
          + Long.toUnsignedString(query.getMinOffset())
          + "; allowed: up to "
          + Long.MAX_VALUE;
    }
    int staleness = query.getMaxStalenessMs();
    if (query.getConsistency() == Consistency.BOUNDED_STALE
        && (staleness < 1 || staleness > Limits.STALENESS_MAX_MS)) {
      return "max_staleness_ms is "
          + Integer.toUnsignedString(staleness)
          + "; allowed: 1 to "
          + Limits.STALENESS_MAX_MS;
    }
    return "";
  }
}
