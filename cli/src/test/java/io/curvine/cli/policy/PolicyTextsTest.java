/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.Admission;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.PolicyChange;
import io.curvine.protocol.proto.PolicyList;
import io.curvine.protocol.proto.PolicyOfPath;
import io.curvine.protocol.proto.TierKind;
import io.curvine.protocol.proto.TtlAction;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class PolicyTextsTest {
  private static final Policy WHOLE =
      Policy.newBuilder()
          .setPinned(true)
          .setTtlMs(7 * 86_400_000L)
          .setTtlAction(TtlAction.TTL_DELETE)
          .setTier(TierKind.SSD)
          .setAdmission(Admission.ADMIT_SECOND)
          .setWholeFiles(false)
          .setMinReplicas(2)
          .setMaxReplicas(0)
          .setTrashMs(1_500)
          .build();

  /** A command that has the options. */
  @Command(name = "test")
  private static final class Typed implements Runnable {
    @Mixin private PolicyOptions options = new PolicyOptions();

    @Override
    public void run() {}
  }

  private static PolicyChange typed(String... arguments) {
    Typed typed = new Typed();
    new CommandLine(typed).parseArgs(arguments);
    return typed.options.change();
  }

  @Test
  void whatIsShownCanBeTyped() {
    String summary = PolicyField.summary(WHOLE);
    assertThat(summary)
        .isEqualTo(
            "pin=yes ttl=7d ttl-action=delete tier=ssd admission=second whole-files=no"
                + " min-replicas=2 max-replicas=none trash=1500ms");
    String[] arguments = summary.replaceAll("(^| )", " --").trim().split(" ");
    assertThat(typed(arguments).getSet()).isEqualTo(WHOLE);
  }

  @Test
  void inheritTakesAway() {
    assertThat(typed("--ttl", "inherit", "--tier", "any", "--ttl-action", "free"))
        .isEqualTo(
            PolicyChange.newBuilder()
                .addUnset(Policy.TTL_MS_FIELD_NUMBER)
                .setSet(
                    Policy.newBuilder()
                        .setTtlAction(TtlAction.TTL_FREE)
                        .setTier(TierKind.TIER_UNSPECIFIED))
                .build());
    assertThat(typed()).isEqualTo(PolicyChange.getDefaultInstance());
  }

  @Test
  void whatCannotBeMeantIsNamedWithWhatIsAllowed() {
    assertThatThrownBy(() -> typed("--pin", "maybe"))
        .hasMessage("--pin: 'maybe'; allowed: yes, no");
    assertThatThrownBy(() -> typed("--tier", "tape"))
        .hasMessage("--tier: 'tape'; allowed: any, mem, ssd, hdd");
    assertThatThrownBy(() -> typed("--ttl", "soon")).hasMessage("--ttl: 'soon' is not a duration");
    assertThatThrownBy(() -> typed("--min-replicas", "many"))
        .hasMessageContaining("allowed: such a number, none");
  }

  @Test
  void whereItIsSaidIsShown() {
    PolicyList list =
        PolicyList.newBuilder()
            .addPolicies(at("/", Policy.newBuilder().setTtlMs(1_000).setPinned(true)))
            .addPolicies(at("/a", Policy.newBuilder().setTtlMs(60_000)))
            .setEffective(Policy.newBuilder().setTtlMs(60_000).setPinned(true))
            .build();
    List<String> lines =
        PolicyShow.text(list).lines().map(line -> line.replaceAll(" +", " ")).toList();
    assertThat(lines).contains("pin yes /", "ttl 1m /a", "tier any default", "trash none default");
    assertThat(PolicyShow.json(list).get("ttl").toString())
        .isEqualTo("{\"value\":\"1m\",\"from\":\"/a\"}");
    assertThat(PolicyLs.text(list.getPoliciesList())).contains("/a", "ttl=1m");
    assertThat(PolicyLs.text(List.of())).isEqualTo("no policies\n");
    assertThat(PolicyLs.json(list.getPoliciesList()).get(1).toString())
        .isEqualTo("{\"path\":\"/a\",\"policy\":{\"ttl\":\"1m\"}}");
  }

  private static PolicyOfPath at(String path, Policy.Builder policy) {
    return PolicyOfPath.newBuilder()
        .setPath(ByteString.copyFromUtf8(path))
        .setPolicy(policy)
        .build();
  }
}
