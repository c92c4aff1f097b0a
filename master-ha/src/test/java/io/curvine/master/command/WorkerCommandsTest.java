/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.ForgetWorker;
import io.curvine.protocol.proto.RegisterWorker;
import io.curvine.protocol.proto.WorkerAddress;
import org.junit.jupiter.api.Test;

/** Workers come, are forgotten, and come again as others. */
final class WorkerCommandsTest extends CoreTest {
  private int register(String uuid) {
    return core.accepted(
            Command.newBuilder()
                .setRegisterWorker(
                    RegisterWorker.newBuilder()
                        .setUuid(uuid)
                        .setAddress(WorkerAddress.newBuilder().setHost("h"))))
        .getWorkerId();
  }

  private static Command.Builder forget(int id) {
    return Command.newBuilder().setForgetWorker(ForgetWorker.newBuilder().setWorkerId(id));
  }

  @Test
  void whoIsForgottenComesBackAsAnother() {
    assertThat(register("a")).isEqualTo(1);
    assertThat(register("b")).isEqualTo(2);
    core.accepted(forget(2));
    // An answer that was lost is asked for again.
    assertThat(core.run(forget(2))).isInstanceOf(Decision.Unchanged.class);
    assertThat(core.store().view().workers().find(2)).isNull();
    assertThat(core.store().view().workers().findByUuid("b")).isNull();
    assertThat(register("b")).isEqualTo(3);
  }

  @Test
  void whoNeverWasIsToldSo() {
    register("a");
    Decision.Refused refused = core.refused(forget(2));
    assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(refused.message()).isEqualTo("there is no worker 2; the workers are [1]");
    assertThat(core.refused(forget(0)).code()).isEqualTo(ErrorCode.NOT_FOUND);
  }
}
