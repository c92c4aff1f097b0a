/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3OptionsTest {
  @TempDir Path temp;

  @Test
  void defaultsAreThoseThatAreDocumented() throws CurvineException {
    S3Options defaults = S3Options.parse(S3Store.S3, Map.of());
    assertThat(defaults.partSizeBytes()).isEqualTo(16 << 20);
    S3Network network = defaults.network();
    assertThat(network.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(network.requestTimeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(network.maxConnections()).isEqualTo(64);
    assertThat(network.maxAttempts()).isEqualTo(4);
    assertThat(network.proxy()).isEmpty();
    assertThat(network.caCertificates()).isEmpty();
  }

  @Test
  void theWayToTheStoreIsTaken() throws IOException {
    Path pem = Files.createFile(temp.resolve("ca.pem"));
    S3Network network =
        S3Options.parse(
                S3Store.S3,
                Map.of(
                    "s3.max-attempts", "20",
                    "s3.proxy", "http://me:p%40ss+%3A@proxy:3128",
                    "s3.ca-certificates", pem.toString()))
            .network();
    assertThat(network.maxAttempts()).isEqualTo(20);
    assertThat(network.proxy()).contains(new S3Network.Proxy("proxy", 3128, "me", "p@ss+:"));
    assertThat(network.caCertificates()).contains(pem);
  }

  @Test
  void aPasswordIsNeverShown() throws CurvineException {
    assertThat(
            S3Options.parse(S3Store.S3, Map.of("s3.proxy", "http://me:secret@proxy:3128"))
                .toString())
        .contains("proxy:3128")
        .doesNotContain("secret");
    for (String wrong : new String[] {"http://me:secret@proxy", "http://me:secret@a b:1"}) {
      assertThatThrownBy(() -> S3Options.parse(S3Store.S3, Map.of("s3.proxy", wrong)))
          .hasMessageContaining("s3.proxy")
          .hasMessageNotContaining("secret")
          .hasNoCause();
    }
  }
}
