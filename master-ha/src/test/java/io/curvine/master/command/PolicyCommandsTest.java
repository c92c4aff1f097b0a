/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.master.query.QueryEngine;
import io.curvine.master.state.Counter;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.ListPolicies;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountChange;
import io.curvine.protocol.proto.MountUfs;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.PolicyChange;
import io.curvine.protocol.proto.PolicyList;
import io.curvine.protocol.proto.PolicyOfPath;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.ReapSubtree;
import io.curvine.protocol.proto.SetPolicy;
import io.curvine.protocol.proto.TtlAction;
import io.curvine.protocol.proto.UpdateMount;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PolicyCommandsTest extends CoreTest {
  private static final Policy WEEK = Policy.newBuilder().setTtlMs(7 * 86_400_000L).build();

  private static Command.Builder change(String path, PolicyChange.Builder change) {
    return Command.newBuilder()
        .setSetPolicy(SetPolicy.newBuilder().setAt(Core.ref(path)).setChange(change));
  }

  private static Command.Builder set(String path, Policy policy) {
    return change(path, PolicyChange.newBuilder().setSet(policy));
  }

  private static Command.Builder unset(String path, int field) {
    return change(path, PolicyChange.newBuilder().addUnset(field));
  }

  private Policy effective(String path) {
    return core.view().policies().effective(core.at(path));
  }

  private long count() {
    return core.view().meta().get(Counter.POLICY_COUNT);
  }

  @Test
  void theNearestSaysWhatHoldsFieldByField() {
    core.accepted(Ask.mkdirs("/a/b/c"));
    core.accepted(Ask.create("/a/b/c/f"));
    core.accepted(set("/a", WEEK.toBuilder().setPinned(true).build()));
    core.accepted(set("/a/b", Policy.newBuilder().setTtlMs(0).setMinReplicas(2).build()));
    core.accepted(set("/a/b/c/f", Policy.newBuilder().setPinned(false).build()));
    assertThat(effective("/a/b/c/f"))
        .isEqualTo(Policy.newBuilder().setPinned(false).setTtlMs(0).setMinReplicas(2).build());
    assertThat(effective("/a/b/c"))
        .isEqualTo(Policy.newBuilder().setPinned(true).setTtlMs(0).setMinReplicas(2).build());
    assertThat(effective("/")).isEqualTo(Policy.getDefaultInstance());
    core.accepted(unset("/a/b", Policy.TTL_MS_FIELD_NUMBER));
    assertThat(effective("/a/b/c").getTtlMs()).isEqualTo(WEEK.getTtlMs());
    core.accepted(Ask.rename("/a/b/c", "/c"));
    assertThat(effective("/c/f")).isEqualTo(Policy.newBuilder().setPinned(false).build());
  }

  @Test
  void whatIsGoneLeavesNothingBehind() {
    core.accepted(Ask.mkdirs("/a/b"));
    core.accepted(Ask.create("/a/b/f"));
    core.accepted(set("/a", WEEK));
    core.accepted(set("/a/b/f", WEEK));
    assertThat(count()).isEqualTo(2);
    core.accepted(change("/a", PolicyChange.newBuilder().setUnsetAll(true)));
    assertThat(count()).isEqualTo(1);
    core.accepted(Ask.deleteTree("/a"));
    while (core.view().reap().count() > 0) {
      core.accepted(Command.newBuilder().setReapSubtree(ReapSubtree.newBuilder().setLimit(100)));
    }
    assertThat(count()).isZero();
    assertThat(core.view().policies().all()).isEmpty();
  }

  @Test
  void onlyTheOwnerAndTheSuperuserMay() {
    core.accepted(Ask.mkdir("/a"));
    Principal other = Principal.newBuilder().setUser("eve").setUid(4_711).setGid(4_711).build();
    assertThat(core.refused(set("/a", WEEK).setPrincipal(other)).code())
        .isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(count()).isZero();
  }

  @Test
  void whatCannotBeIsRefusedWithWhatIsAllowed() {
    core.accepted(Ask.mkdir("/a"));
    core.accepted(Ask.symlink("/s", "nowhere"));
    assertThat(core.refused(set("/a", Policy.newBuilder().setTtlMs(-1).build())).message())
        .isEqualTo("ttl_ms is -1; allowed: from 0, which is none");
    assertThat(core.refused(set("/a", Policy.newBuilder().setMinReplicas(17).build())).message())
        .isEqualTo("min_replicas is 17; allowed: 0 to 16");
    assertThat(
            core.refused(set("/a", Policy.newBuilder().setMinReplicas(3).setMaxReplicas(2).build()))
                .message())
        .isEqualTo("max_replicas is 2; allowed: from min_replicas, which is 3, or 0");
    assertThat(core.refused(set("/a", Policy.newBuilder().setTierValue(9).build())).code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(core.refused(unset("/a", 99)).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(core.refused(set("/none", WEEK)).code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(count()).isZero();
  }

  @Test
  void aMountsPolicyIsThatOfItsRootAndChangesWithIt() {
    Mount mount = Mount.newBuilder().setPath("/m").setUri("file:///x").build();
    core.accepted(
        Command.newBuilder().setMountUfs(MountUfs.newBuilder().setMount(mount).setPolicy(WEEK)));
    assertThat(effective("/m")).isEqualTo(WEEK);
    PolicyChange.Builder change =
        PolicyChange.newBuilder()
            .setSet(Policy.newBuilder().setTtlAction(TtlAction.TTL_DELETE))
            .addUnset(Policy.TTL_MS_FIELD_NUMBER);
    core.accepted(
        Command.newBuilder()
            .setUpdateMount(
                UpdateMount.newBuilder()
                    .setPath(mount.getPathBytes())
                    .setCheckedMountsVersion(core.view().meta().get(Counter.MOUNTS_VERSION))
                    .setChange(MountChange.newBuilder().setPolicy(change))));
    assertThat(effective("/m"))
        .isEqualTo(Policy.newBuilder().setTtlAction(TtlAction.TTL_DELETE).build());
  }

  @Test
  void aListHasThoseAboveTheEntryItselfAndThoseBelow() throws Exception {
    core.accepted(Ask.mkdirs("/a/b/c"));
    core.accepted(Ask.mkdir("/z"));
    for (String path : new String[] {"/", "/a", "/a/b/c", "/z"}) {
      core.accepted(set(path, WEEK));
    }
    assertThat(list("/a/b", true).getPoliciesList())
        .extracting(PolicyOfPath::getPath)
        .extracting(path -> path.toStringUtf8())
        .containsExactly("/", "/a", "/a/b/c");
    assertThat(list("/a/b", false).getPoliciesCount()).isEqualTo(2);
    assertThat(list("/a/b", false).getEffective()).isEqualTo(WEEK);
  }

  private PolicyList list(String path, boolean below) throws Exception {
    WorkerRegistry workers =
        new WorkerRegistry(Duration.ofSeconds(10), worker -> false, System::nanoTime);
    Query query =
        Query.newBuilder()
            .setListPolicies(ListPolicies.newBuilder().setAt(Core.ref(path)).setBelow(below))
            .build();
    return new QueryEngine(core.store(), workers, option -> false)
        .find(query)
        .result()
        .getPolicies();
  }
}
