/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

class S3SignatureTest {
  private static final String CHARS = "aZ09-._~/ +%&=?#:@!$'()*,;\"\\äß€𝄞\u0001";

  /** Signatures are those that the SDK makes. */
  @Test
  void signsAsTheSdkDoes() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      String region = random.nextBoolean() ? "us-east-1" : "eu-central-1";
      AwsCredentials credentials =
          random.nextBoolean()
              ? AwsBasicCredentials.create("id" + random.nextInt(3), "s/+" + random.nextInt(3))
              : AwsSessionCredentials.create("id", "secret", "token/" + random.nextInt());
      Instant now = Instant.ofEpochSecond(1_700_000_000L + random.nextInt(400_000));
      String path = S3Signature.escaped("/bucket/" + key(random));
      Map<String, String> headers =
          Map.of("host", "store:9000", "if-match", "\"v" + i + "\"", "range", "bytes=0-" + i);
      assertThat(new S3Signature(region).sign(path, headers, credentials, now).get("authorization"))
          .as("seed %d, %d: %s", seed, i, path)
          .isEqualTo(bySdk(region, path, headers, credentials, now));
    }
  }

  @Test
  void aKeyOfADayIsMadeOnce() {
    S3Signature signature = new S3Signature("r");
    AwsCredentials one = AwsBasicCredentials.create("id", "secret");
    AwsCredentials other = AwsBasicCredentials.create("id", "other");
    Instant day = Instant.ofEpochSecond(1_700_000_000L);
    Map<String, String> headers = Map.of("host", "store");
    String first = signature.sign("/k", headers, one, day).get("authorization");
    assertThat(signature.sign("/k", headers, other, day).get("authorization")).isNotEqualTo(first);
    assertThat(signature.sign("/k", headers, one, day.plusSeconds(86_400)).get("authorization"))
        .isNotEqualTo(first);
    assertThat(signature.sign("/k", headers, one, day)).containsEntry("authorization", first);
  }

  @Test
  void whatMayHaveAMeaningIsEscaped() {
    assertThat(S3Signature.escaped("a b/c+d%ä?#~._-")).isEqualTo("a%20b/c%2Bd%25%C3%A4%3F%23~._-");
  }

  private static String key(Random random) {
    int[] chars = CHARS.codePoints().toArray();
    return random
        .ints(1 + random.nextInt(20), 0, chars.length)
        .map(at -> chars[at])
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String bySdk(
      String region,
      String path,
      Map<String, String> headers,
      AwsCredentials credentials,
      Instant now) {
    SdkHttpFullRequest.Builder request =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.GET)
            .uri(URI.create("http://store:9000" + path));
    headers.forEach(request::putHeader);
    return AwsV4HttpSigner.create()
        .sign(
            sign ->
                sign.identity(credentials)
                    .request(request.build())
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                    .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC)))
        .request()
        .firstMatchingHeader("Authorization")
        .orElseThrow();
  }
}
