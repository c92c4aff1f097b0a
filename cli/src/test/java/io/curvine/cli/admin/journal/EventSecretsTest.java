/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.journal.RaftPlace;
import io.curvine.journal.tool.ScannedEvent;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.tool.StateValues;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountUpdated;
import io.curvine.protocol.proto.UfsMounted;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What tools print of the journal and the state holds no secret of a mount. */
final class EventSecretsTest {
  private static final Mount MOUNT =
      Mount.newBuilder()
          .setId(1)
          .putOptions("s3.secret-key", "hidden")
          .putOptions("s3.region", "shown")
          .build();

  @Test
  void anEventIsShownWithoutThem() {
    for (Event event :
        List.of(
            Event.newBuilder().setUfsMounted(UfsMounted.newBuilder().setMount(MOUNT)).build(),
            Event.newBuilder()
                .setMountUpdated(MountUpdated.newBuilder().setMount(MOUNT))
                .build())) {
      assertThat(EventJson.of(new ScannedEvent(0, event, 0, RaftPlace.UNKNOWN, true)).toString())
          .contains("***", "shown")
          .doesNotContain("hidden");
    }
  }

  @Test
  void aRowOfTheStateIsShownWithoutThem() {
    assertThat(StateValues.text(ColumnFamily.MOUNTS, MOUNT.toByteArray()))
        .contains("***", "shown")
        .doesNotContain("hidden");
  }
}
