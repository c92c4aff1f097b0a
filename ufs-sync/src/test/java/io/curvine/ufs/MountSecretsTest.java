/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.Mount;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MountSecretsTest {
  @Test
  void whatIsSecretOrNotKnownIsNotShown() {
    Mount mount =
        Mount.newBuilder()
            .setPath("/m")
            .putOptions("s3.secret-key", "hidden")
            .putOptions("unheard.of", "hidden")
            .putOptions("s3.region", "eu-west-1")
            .build();
    assertThat(MountSecrets.masked(mount).getOptionsMap())
        .isEqualTo(Map.of("s3.secret-key", "***", "unheard.of", "***", "s3.region", "eu-west-1"));
  }
}
