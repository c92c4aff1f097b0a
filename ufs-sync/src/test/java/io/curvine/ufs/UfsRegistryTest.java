/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UfsRegistryTest {
  private final UfsRegistry registry = UfsRegistry.load();

  @ParameterizedTest
  @CsvSource({
    "/, file:///",
    "/data, file:///data",
    "/data/, file:///data",
    "/data//a/./b/../c/, file:///data/a/c",
    "/with space/ä, file:///with%20space/ä",
    "/100%, file:///100%25",
    "file:/data, file:///data",
    "file:///data/, file:///data",
    "FILE:///data, file:///data",
    "file:///, file:///",
    "s3://bucket, s3://bucket",
    "s3://bucket/, s3://bucket",
    "s3://bucket//a//b/, s3://bucket/a/b",
    "S3://Bucket/a%20b, s3://Bucket/a%20b",
  })
  void aLocationHasOneSpelling(String given, String normal) throws Exception {
    assertThat(registry.normalise(given)).isEqualTo(normal);
    assertThat(registry.normalise(normal)).isEqualTo(normal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "data",
        "file:data",
        "ftp://host/data",
        "s3://bucket/a b",
        "s3://bucket/a?b",
        "s3://bucket/#a",
        "/../data"
      })
  void whatIsNoLocationIsRefused(String given) {
    assertThatThrownBy(() -> registry.normalise(given))
        .isInstanceOfSatisfying(
            CurvineException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void anUnknownSchemeNamesTheKnownOnes() {
    assertThatThrownBy(() -> registry.open("ftp://host/a", Map.of()))
        .hasMessage("ufs scheme is ftp; allowed: cos, file, gcs, gs, hdfs, minio, oss, s3");
  }

  @Test
  void anUnknownOptionNamesTheNearest() {
    assertThatThrownBy(() -> registry.open("s3://bucket", Map.of("s3.acess-key", "x")))
        .hasMessage("ufs option s3.acess-key is not known for s3; did you mean s3.access-key?");
    assertThatThrownBy(() -> registry.check("/data", Map.of("s3.region", "x")))
        .hasMessage("ufs option s3.region is not known for file");
  }

  @ParameterizedTest
  @CsvSource({
    "s3.endpoint, localhost:9000",
    "s3.path-style, yes",
    "s3.request-timeout, 5",
    "s3.request-timeout, 0s",
    "s3.connect-timeout, 11m",
    "s3.max-connections, 0",
    "s3.part-size, 4MiB",
    "s3.part-size, 5MB",
    "s3.access-key, only",
    "s3.session-token, only",
    "s3.max-attempts, 0",
    "s3.max-attempts, 21",
    "s3.proxy, host:3128",
    "s3.proxy, http://host",
    "s3.ca-certificates, /no/such/file",
  })
  void anOptionOutOfRangeIsRefused(String key, String value) {
    assertThatThrownBy(() -> registry.check("s3://bucket", Map.of(key, value)))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining(key);
  }

  @ParameterizedTest
  @CsvSource({
    "hdfs.config, /no/such/directory",
    "hdfs.config, relative",
    "hdfs.namenodes, host",
    "hdfs.namenodes, 'host:8020,'",
    "hdfs.principal, only",
    "hdfs.keytab, only",
    "hdfs.proxy-user, only",
    "hdfs.connect-timeout, 11m",
    "hdfs.request-timeout, 61m",
    "hdfs.replication, 0",
    "hdfs.replication, 513",
  })
  void anOptionOfHdfsOutOfRangeIsRefused(String key, String value) {
    assertThatThrownBy(() -> registry.check("hdfs://host/a", Map.of(key, value)))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hdfs:///a", "hdfs://user@host/a", "hdfs://host:port/a"})
  void anHdfsLocationNamesItsNamenode(String uri) {
    assertThatThrownBy(() -> registry.check(uri, Map.of())).hasMessageContaining("ufs uri is");
  }

  @Test
  void secretsAreKnownAndUnknownKeysCountAsSecret() {
    assertThat(registry.isSecret("s3.secret-key")).isTrue();
    assertThat(registry.isSecret("s3.access-key")).isTrue();
    assertThat(registry.isSecret("s3.session-token")).isTrue();
    assertThat(registry.isSecret("s3.proxy")).isTrue();
    assertThat(registry.isSecret("s3.endpoint")).isFalse();
    assertThat(registry.isSecret("hdfs.keytab")).isFalse();
    assertThat(registry.isSecret("unheard.of")).isTrue();
  }

  @Test
  void nothingIsOpenedWithASealedSecret() {
    Map<String, String> options =
        Map.of("s3.access-key", "a", "s3.secret-key", "sealed:1:0011223344556677:AAAA");
    assertThatThrownBy(() -> registry.open("s3://b", options))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UFS_UNREACHABLE))
        .hasMessageContaining("ufs option s3.secret-key is sealed by the key 0011223344556677");
    Map<String, String> token = Map.of("webhook.token", "sealed:1:0011223344556677:AAAA");
    assertThatThrownBy(() -> registry.checkSources("s3://b", List.of("webhook"), token))
        .hasMessageContaining("ufs option webhook.token is sealed");
    assertThatThrownBy(() -> registry.openSource("webhook", "s3://b", token, Optional.empty()))
        .hasMessageContaining("ufs option webhook.token is sealed");
  }

  @Test
  void aNameIsBetweenOneAnd255Bytes() {
    assertThat(UfsPaths.nameable("a".repeat(255))).isTrue();
    assertThat(UfsPaths.nameable("ä".repeat(128))).isFalse();
    assertThat(UfsPaths.parent("a/b/c")).isEqualTo("a/b");
    assertThat(UfsPaths.name("a/b/c")).isEqualTo("c");
    assertThat(UfsPaths.parent("a")).isEmpty();
  }
}
