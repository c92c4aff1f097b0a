/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.Consistency;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.GetClusterStatus;
import io.curvine.protocol.proto.GetContentSummary;
import io.curvine.protocol.proto.GetEntry;
import io.curvine.protocol.proto.GetLayout;
import io.curvine.protocol.proto.GetStatFs;
import io.curvine.protocol.proto.GetXattr;
import io.curvine.protocol.proto.ListDirectory;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.WaitJobs;
import org.junit.jupiter.api.Test;

class QueryKindsTest {
  private static EntryRef path(String path) {
    return EntryRef.newBuilder().setPath(ByteString.copyFromUtf8(path)).build();
  }

  private static Query entry(EntryRef at, boolean withPath) {
    return Query.newBuilder()
        .setGetEntry(GetEntry.newBuilder().setAt(at).setWithPath(withPath))
        .build();
  }

  private static Query layout(boolean refresh) {
    return Query.newBuilder()
        .setGetLayout(GetLayout.newBuilder().setAt(path("/f")).setRefresh(refresh))
        .build();
  }

  @Test
  void answersOnTheEventLoopWhatTouchesFewKeys() {
    EntryRef inode = EntryRef.newBuilder().setInode(7).build();
    assertThat(QueryKinds.isBrief(entry(path("/a/b"), true))).isTrue();
    assertThat(QueryKinds.isBrief(entry(inode, false))).isTrue();
    assertThat(QueryKinds.isBrief(entry(inode, true))).as("as deep as it may be").isFalse();
    assertThat(QueryKinds.isBrief(entry(path("/a".repeat(64)), false))).isTrue();
    assertThat(QueryKinds.isBrief(entry(path("/a".repeat(65)), false))).isFalse();
    assertThat(QueryKinds.isBrief(layout(false))).isTrue();
    assertThat(QueryKinds.isBrief(layout(true))).isFalse();
    assertThat(QueryKinds.isBrief(Query.newBuilder().setGetXattr(xattr()).build())).isTrue();
    assertThat(QueryKinds.isBrief(Query.newBuilder().setGetStatFs(statFs()).build())).isTrue();
    assertThat(
            QueryKinds.isBrief(
                Query.newBuilder()
                    .setListDirectory(ListDirectory.newBuilder().setAt(path("/")).setLimit(1))
                    .build()))
        .isFalse();
    assertThat(
            QueryKinds.isBrief(
                Query.newBuilder()
                    .setGetContentSummary(GetContentSummary.newBuilder().setAt(path("/")))
                    .build()))
        .isFalse();
  }

  private static GetXattr.Builder xattr() {
    return GetXattr.newBuilder().setAt(path("/f")).setName(ByteString.copyFromUtf8("user.a"));
  }

  private static GetStatFs statFs() {
    return GetStatFs.getDefaultInstance();
  }

  @Test
  void leavesToTheLeaderWhatOnlyItKnows() {
    assertThat(QueryKinds.anyMasterCan(entry(path("/a"), true))).isTrue();
    assertThat(QueryKinds.anyMasterCan(layout(false))).isTrue();
    assertThat(QueryKinds.anyMasterCan(layout(true))).isFalse();
    assertThat(
            QueryKinds.anyMasterCan(
                Query.newBuilder().setWaitJobs(WaitJobs.getDefaultInstance()).build()))
        .isFalse();
    assertThat(
            QueryKinds.anyMasterCan(
                Query.newBuilder()
                    .setGetClusterStatus(GetClusterStatus.getDefaultInstance())
                    .build()))
        .isFalse();
  }

  @Test
  void saysWhatIsAllowed() {
    Query query = entry(path("/a"), false);
    assertThat(QueryKinds.problem(query)).isEmpty();
    Query.Builder stale = query.toBuilder().setConsistency(Consistency.BOUNDED_STALE);
    assertThat(QueryKinds.problem(stale.build()))
        .isEqualTo("max_staleness_ms is 0; allowed: 1 to 3600000");
    assertThat(QueryKinds.problem(stale.setMaxStalenessMs(3_600_001).build())).contains("3600001");
    assertThat(QueryKinds.problem(stale.setMaxStalenessMs(3_600_000).build())).isEmpty();
    assertThat(QueryKinds.problem(query.toBuilder().setConsistencyValue(3).build()))
        .isEqualTo("consistency is 3; allowed: 0 to 2");
    assertThat(QueryKinds.problem(query.toBuilder().setMinOffset(-1).build()))
        .contains("min_offset is 18446744073709551615");
  }
}
