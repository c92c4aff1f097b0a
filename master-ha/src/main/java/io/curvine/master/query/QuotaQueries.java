/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.Refused;
import io.curvine.master.state.view.StateView;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.ListQuotas;
import io.curvine.protocol.proto.Quota;
import io.curvine.protocol.proto.QuotaList;
import io.curvine.protocol.proto.QuotaOfPath;
import io.curvine.protocol.proto.StatFs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Queries of quotas, from one state. */
final class QuotaQueries {
  private static final Comparator<QuotaOfPath> BY_PATH =
      Comparator.comparing(QuotaOfPath::getPath, ByteString.unsignedLexicographicalComparator());

  private final StateView state;

  QuotaQueries(StateView state) {
    this.state = state;
  }

  QuotaList list(ListQuotas query) throws Refused, NeedsUfs {
    NamespaceView namespace = state.namespace();
    long top =
        query.hasAt() ? directory(state.resolver().entry(query.getAt(), true)) : NamespaceView.ROOT;
    List<QuotaOfPath> quotas = new ArrayList<>();
    for (Quota quota : state.quotas().all()) {
      long directory = quota.getInode();
      if (namespace.isAttached(directory)
          && (namespace.isAtOrAbove(top, directory) || namespace.isAtOrAbove(directory, top))) {
        quotas.add(
            QuotaOfPath.newBuilder()
                .setPath(namespace.path(namespace.require(directory)))
                .setQuota(quota)
                .build());
      }
    }
    quotas.sort(BY_PATH);
    return QuotaList.newBuilder().addAllQuotas(quotas).build();
  }

  /** What is full soonest: the cluster, or a quota over the entry. */
  StatFs statFs(EntryRef at, StatFs cluster) throws Refused, NeedsUfs {
    StatFs.Builder stat = cluster.toBuilder();
    for (Quota quota : state.quotas().over(directory(state.resolver().entry(at, true)))) {
      long used = Math.max(0, quota.getUsedBytes());
      long max = quota.getMaxBytes();
      if (max != 0 && max - used < stat.getCapacityBytes() - stat.getUsedBytes()) {
        stat.setCapacityBytes(max).setUsedBytes(Math.min(max, used));
      }
      long usedInodes = Math.max(0, quota.getUsedInodes());
      long maxInodes = quota.getMaxInodes();
      boolean fewer =
          stat.getMaxInodes() == 0
              || maxInodes - usedInodes < stat.getMaxInodes() - stat.getInodes();
      if (maxInodes != 0 && fewer) {
        stat.setMaxInodes(maxInodes).setInodes(Math.min(maxInodes, usedInodes));
      }
    }
    return stat.build();
  }

  private static long directory(Inode entry) {
    return NamespaceView.isDirectory(entry) ? entry.getId() : entry.getParent();
  }
}
