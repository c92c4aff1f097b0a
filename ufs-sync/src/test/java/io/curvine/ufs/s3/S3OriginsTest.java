/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

class S3OriginsTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

  private static HeadObjectResponse object(String eTag, long length, Map<String, String> said) {
    return HeadObjectResponse.builder()
        .eTag(eTag)
        .contentLength(length)
        .lastModified(NOW)
        .metadata(said)
        .build();
  }

  @Test
  void aChainOfMovesIsCarriedOnAndBounded() {
    Map<String, String> said =
        S3Origins.carried(object("\"v0-2\"", 7, Map.of("of", "another")), NOW);
    assertThat(said)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("of", "another", S3Origins.KEY, "7 1000000 v0-2"));
    for (int i = 1; i <= 20; i++) {
      said = S3Origins.carried(object("v" + i + "-2", 7, said), NOW);
    }
    assertThat(S3Origins.of(object("v21-2", 7, said)))
        .hasSize(16)
        .startsWith("v5-2")
        .endsWith("v20-2");
  }

  @Test
  void allMetadataStaysWithinWhatS3Takes() {
    Map<String, String> said = Map.of("of", "a".repeat(1_980));
    for (int i = 1; i <= 20; i++) {
      said = S3Origins.carried(object("v" + i + "-2", 7, said), NOW);
      assertThat(S3Origins.of(object("x-2", 7, said))).endsWith("v" + i + "-2");
      assertThat(said.toString()).hasSizeLessThan(2_048 + 10);
    }
    Map<String, String> full = Map.of("of", "a".repeat(2_040));
    assertThat(S3Origins.carried(object("v-2", 7, full), NOW)).isEqualTo(full);
  }

  @Test
  void metadataOfAnotherContentSaysNothing() {
    String note = "7 1000000 v0-2";
    assertThat(S3Origins.of(object("x", 8, Map.of(S3Origins.KEY, note)))).isEmpty();
    assertThat(S3Origins.of(object("x", 7, Map.of(S3Origins.KEY, "7 990000 v0-2")))).isEmpty();
    assertThat(S3Origins.of(object("x", 7, Map.of(S3Origins.KEY, "7 x v0-2")))).isEmpty();
    assertThat(S3Origins.of(object("x", 7, Map.of(S3Origins.KEY, "")))).isEmpty();
    assertThat(S3Origins.of(object("x", 7, Map.of()))).isEmpty();
    assertThat(S3Origins.of(object("x", 7, Map.of("Curvine-Moved-From", note))))
        .containsExactly("v0-2");
  }
}
