/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

class S3OriginsTest {
  private static HeadObjectResponse object(String eTag, long length, Map<String, String> said) {
    return HeadObjectResponse.builder().eTag(eTag).contentLength(length).metadata(said).build();
  }

  @Test
  void aChainOfMovesIsCarriedOnAndBounded() {
    Map<String, String> said = S3Origins.carried(object("\"v0-2\"", 7, Map.of("of", "another")));
    assertThat(said)
        .containsExactlyInAnyOrderEntriesOf(Map.of("of", "another", S3Origins.KEY, "7 v0-2"));
    for (int i = 1; i <= 20; i++) {
      said = S3Origins.carried(object("v" + i + "-2", 7, said));
    }
    assertThat(S3Origins.of(object("v21-2", 7, said)))
        .hasSize(16)
        .startsWith("v5-2")
        .endsWith("v20-2");
  }

  @Test
  void metadataOfAnotherContentSaysNothing() {
    assertThat(S3Origins.of(object("x", 8, Map.of(S3Origins.KEY, "7 v0-2")))).isEmpty();
    assertThat(S3Origins.of(object("x", 7, Map.of(S3Origins.KEY, "")))).isEmpty();
    assertThat(S3Origins.of(object("x", 7, Map.of()))).isEmpty();
    assertThat(S3Origins.of(object("x", 7, Map.of("Curvine-Moved-From", "7 v0-2"))))
        .containsExactly("v0-2");
  }
}
