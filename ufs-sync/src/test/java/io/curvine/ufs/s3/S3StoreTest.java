/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3StoreTest {
  @ParameterizedTest
  @CsvSource({
    "s3, '', us-east-1, false",
    "gcs, https://storage.googleapis.com, auto, true",
    "gs, https://storage.googleapis.com, auto, true",
  })
  void aStoreIsFoundByItsScheme(String scheme, String endpoint, String region, boolean pathStyle)
      throws CurvineException {
    check(S3Options.parse(S3Store.of(scheme), Map.of()), endpoint, region, pathStyle);
  }

  @ParameterizedTest
  @CsvSource({
    "s3, '', false",
    "oss, https://oss-cn-hangzhou.aliyuncs.com, false",
    "cos, https://cos.cn-hangzhou.myqcloud.com, false",
    "gcs, https://storage.googleapis.com, true",
  })
  void aRegionIsSignedForAndMayBeInTheEndpoint(String scheme, String endpoint, boolean pathStyle)
      throws CurvineException {
    Map<String, String> options = Map.of("s3.region", "cn-hangzhou");
    check(S3Options.parse(S3Store.of(scheme), options), endpoint, "cn-hangzhou", pathStyle);
  }

  @ParameterizedTest
  @CsvSource({
    "s3, us-east-1, true",
    "oss, us-east-1, false",
    "cos, us-east-1, false",
    "gcs, auto, true",
    "minio, us-east-1, true",
  })
  void anEndpointThatIsGivenIsTaken(String scheme, String region, boolean pathStyle)
      throws CurvineException {
    String endpoint = "http://host:9000";
    Map<String, String> options = Map.of("s3.endpoint", endpoint);
    check(S3Options.parse(S3Store.of(scheme), options), endpoint, region, pathStyle);
    Map<String, String> other =
        Map.of("s3.endpoint", endpoint, "s3.path-style", String.valueOf(!pathStyle));
    check(S3Options.parse(S3Store.of(scheme), other), endpoint, region, !pathStyle);
  }

  private static void check(S3Options found, String endpoint, String region, boolean pathStyle) {
    assertThat(found.endpoint().map(Object::toString).orElse("")).isEqualTo(endpoint);
    assertThat(found.region()).isEqualTo(region);
    assertThat(found.pathStyle()).isEqualTo(pathStyle);
  }

  @Test
  void whatCannotBeFoundIsAskedFor() {
    assertThatThrownBy(() -> S3Options.parse(S3Store.OSS, Map.of()))
        .hasMessage("s3.region is not given; allowed: a region of oss, or give s3.endpoint");
    assertThatThrownBy(() -> S3Options.parse(S3Store.COS, Map.of("s3.region", "a/b")))
        .hasMessage("s3.region is a/b; allowed: a region of cos, or give s3.endpoint");
    assertThatThrownBy(() -> S3Options.parse(S3Store.MINIO, Map.of()))
        .hasMessage("s3.endpoint is not given; allowed: http(s)://host:port, which minio needs");
  }

  @Test
  void namesInMessagesAreThoseThatWereGiven() {
    assertThat(new S3Keys("gs", "bucket", "a/").name("a/b")).isEqualTo("gs://bucket/a/b");
  }
}
