/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Signs GET requests by AWS Signature Version 4, as the service S3 wants it. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">the
 *     specification</a>
 */
final class S3Signature {
  /** SHA-256 of nothing. */
  private static final String EMPTY_BODY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final int DATE_CHARS = 8;
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

  private final String region;
  private volatile DayKey dayKey = new DayKey("", "", new byte[0]);

  /** What signatures of one day are made with. */
  private static final class DayKey {
    final String secret;
    final String date;
    final byte[] key;

    DayKey(String secret, String date, byte[] key) {
      this.secret = secret;
      this.date = date;
      this.key = key;
    }
  }

  S3Signature(String region) {
    this.region = region;
  }

  /** A path as it stands in a request: bytes that may have a meaning are escaped, slashes stay. */
  static String escaped(String path) {
    StringBuilder escaped = new StringBuilder(path.length() + 16);
    for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xFF);
      if (UNRESERVED.indexOf(c) >= 0) {
        escaped.append(c);
      } else {
        escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
      }
    }
    return escaped.toString();
  }

  /**
   * The headers of a request, with those that sign it.
   *
   * @param path escaped
   * @param headers by their names in lower case, host among them
   */
  SortedMap<String, String> sign(
      String path, Map<String, String> headers, AwsCredentials credentials, Instant now) {
    String time = TIME.format(now);
    SortedMap<String, String> all = new TreeMap<>(headers);
    all.put("x-amz-content-sha256", EMPTY_BODY);
    all.put("x-amz-date", time);
    if (credentials instanceof AwsSessionCredentials session) {
      all.put("x-amz-security-token", session.sessionToken());
    }
    String names = String.join(";", all.keySet());
    StringBuilder canonical = new StringBuilder(512).append("GET\n").append(path).append("\n\n");
    all.forEach(
        (name, value) -> canonical.append(name).append(':').append(value.strip()).append('\n'));
    canonical.append('\n').append(names).append('\n').append(EMPTY_BODY);

    String date = time.substring(0, DATE_CHARS);
    String scope = date + "/" + region + "/s3/aws4_request";
    String toSign =
        ALGORITHM + "\n" + time + "\n" + scope + "\n" + hex(sha256(canonical.toString()));
    String signature = hex(hmac(keyOf(credentials.secretAccessKey(), date), toSign));
    all.put(
        "authorization",
        ALGORITHM
            + " Credential="
            + credentials.accessKeyId()
            + "/"
            + scope
            + ", SignedHeaders="
            + names
            + ", Signature="
            + signature);
    return all;
  }

  private byte[] keyOf(String secret, String date) {
    DayKey known = dayKey;
    if (!known.date.equals(date) || !known.secret.equals(secret)) {
      byte[] key = hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), date);
      key = hmac(hmac(hmac(key, region), "s3"), "aws4_request");
      known = new DayKey(secret, date, key);
      dayKey = known;
    }
    return known.key;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("each Java has SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("each Java has HmacSHA256", e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
