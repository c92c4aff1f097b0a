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
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.ListPolicies;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.PolicyList;
import io.curvine.protocol.proto.PolicyOfInode;
import io.curvine.protocol.proto.PolicyOfPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** Queries of how entries are to be treated, from one state. */
final class PolicyQueries {
  private static final Comparator<PolicyOfPath> BY_PATH =
      Comparator.comparing(PolicyOfPath::getPath, ByteString.unsignedLexicographicalComparator());

  private PolicyQueries() {}

  static PolicyList list(ListPolicies query, StateView state) throws Refused, NeedsUfs {
    NamespaceView namespace = state.namespace();
    Inode entry =
        query.hasAt()
            ? state.resolver().entry(query.getAt(), true)
            : namespace.require(NamespaceView.ROOT);
    PolicyList.Builder list =
        PolicyList.newBuilder().setEffective(state.policies().effective(entry));
    list.addAllPolicies(upTo(entry, state));
    if (query.getBelow()) {
      List<PolicyOfPath> below = new ArrayList<>();
      for (PolicyOfInode each : state.policies().all()) {
        Inode inode = namespace.find(each.getInode());
        if (inode != null && isBelow(inode, entry, state)) {
          below.add(at(inode, each.getPolicy(), state));
        }
      }
      below.sort(BY_PATH);
      list.addAllPolicies(below);
    }
    return list.build();
  }

  /** Of the root, of those below it on the way to the entry, and of the entry. */
  private static Deque<PolicyOfPath> upTo(Inode entry, StateView state) {
    Deque<PolicyOfPath> way = new ArrayDeque<>();
    for (Inode at = entry; at != null; at = above(at, state.namespace())) {
      Policy own = state.policies().own(at.getId());
      if (!own.equals(Policy.getDefaultInstance())) {
        way.addFirst(at(at, own, state));
      }
    }
    return way;
  }

  private static Inode above(Inode inode, NamespaceView namespace) {
    return inode.getId() == NamespaceView.ROOT ? null : namespace.find(inode.getParent());
  }

  private static boolean isBelow(Inode inode, Inode entry, StateView state) {
    if (inode.getId() == entry.getId() || !NamespaceView.isDirectory(entry)) {
      return false;
    }
    long directory = NamespaceView.isDirectory(inode) ? inode.getId() : inode.getParent();
    return state.namespace().isAttached(directory)
        && state.namespace().isAtOrAbove(entry.getId(), directory);
  }

  private static PolicyOfPath at(Inode inode, Policy policy, StateView state) {
    return PolicyOfPath.newBuilder()
        .setPath(state.namespace().path(inode))
        .setPolicy(policy)
        .build();
  }
}
