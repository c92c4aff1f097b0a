/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.OptionValues;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options of one S3 location, read and validated. Immutable.
 *
 * @param endpoint of the store; empty: AWS
 * @param pathStyle the bucket is in the path, not in the host name
 * @param credentials how requests are signed
 * @param partSizeBytes larger objects are uploaded in parts of this size
 */
record S3Options(
    S3Store store,
    Optional<URI> endpoint,
    String region,
    boolean pathStyle,
    Credentials credentials,
    S3Network network,
    int partSizeBytes) {
  static final String ENDPOINT = "s3.endpoint";
  static final String REGION = "s3.region";
  static final String PATH_STYLE = "s3.path-style";
  static final String ACCESS_KEY = "s3.access-key";
  static final String SECRET_KEY = "s3.secret-key";
  static final String SESSION_TOKEN = "s3.session-token";
  static final String ANONYMOUS = "s3.anonymous";
  static final String PART_SIZE = "s3.part-size";

  static final Set<String> SECRETS = Set.of(ACCESS_KEY, SECRET_KEY, SESSION_TOKEN, S3Network.PROXY);

  /** S3 refuses smaller parts, save the last. */
  private static final int PART_SIZE_MIN_BYTES = 5 << 20;

  private static final int PART_SIZE_MAX_BYTES = 512 << 20;
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(KiB|MiB)");

  /**
   * How requests are signed: not at all, with these keys, or, where the access key is empty, by the
   * SDK's default chain.
   */
  record Credentials(boolean anonymous, String accessKey, String secretKey, String sessionToken) {
    @Override
    public String toString() {
      return anonymous ? "anonymous" : accessKey.isEmpty() ? "default chain" : "static keys";
    }
  }

  static Map<String, String> documentation() {
    Map<String, String> docs = new LinkedHashMap<>();
    docs.put(
        ENDPOINT,
        "http(s)://host:port of the store. Default: that of the scheme, for s3 AWS, for oss and cos"
            + " by s3.region; minio has none.");
    docs.put(
        REGION,
        "Region that requests are signed for. Default: us-east-1, for gcs auto; oss and cos need"
            + " it, or s3.endpoint.");
    docs.put(
        PATH_STYLE,
        "true: http://host/bucket/key, false: http://bucket.host/key."
            + " Default: true for gcs, minio, and s3 where s3.endpoint is given, else false.");
    docs.put(
        ACCESS_KEY,
        "Access key id. Default: the AWS SDK's chain (environment, profile, instance role).");
    docs.put(SECRET_KEY, "Secret access key; together with s3.access-key.");
    docs.put(SESSION_TOKEN, "Token of temporary credentials. Default: none.");
    docs.put(ANONYMOUS, "true: requests are not signed, for public buckets. Default: false.");
    S3Network.document(docs);
    docs.put(
        PART_SIZE,
        "Objects above it are uploaded in parts of it, 5MiB to 512MiB; an upload holds up to 64MiB"
            + " or one part in memory. Default: 16MiB.");
    return docs;
  }

  static S3Options parse(S3Store store, Map<String, String> options) throws CurvineException {
    Optional<URI> given = endpoint(options.getOrDefault(ENDPOINT, ""));
    return new S3Options(
        store,
        store.endpoint(given, options),
        options.getOrDefault(REGION, store.regionDefault()),
        OptionValues.flag(options, PATH_STYLE, store.pathStyle(given)),
        credentials(options),
        S3Network.parse(options),
        partSize(options.getOrDefault(PART_SIZE, "16MiB")));
  }

  private static Optional<URI> endpoint(String value) throws CurvineException {
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(value);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if (uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException e) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT, ENDPOINT + " is " + value + "; allowed: a URI", e);
    }
    throw OptionValues.invalid(ENDPOINT, value, "http://host:port or https://host:port");
  }

  private static Credentials credentials(Map<String, String> options) throws CurvineException {
    boolean anonymous = OptionValues.flag(options, ANONYMOUS, false);
    String access = options.getOrDefault(ACCESS_KEY, "");
    String secret = options.getOrDefault(SECRET_KEY, "");
    String token = options.getOrDefault(SESSION_TOKEN, "");
    if (access.isEmpty() != secret.isEmpty()) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT, ACCESS_KEY + " and " + SECRET_KEY + " are given together");
    }
    if (!token.isEmpty() && access.isEmpty()) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT, SESSION_TOKEN + " is given only with " + ACCESS_KEY);
    }
    if (anonymous && !access.isEmpty()) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT, ANONYMOUS + " is true; allowed: only without " + ACCESS_KEY);
    }
    return new Credentials(anonymous, access, secret, token);
  }

  private static int partSize(String value) throws CurvineException {
    Matcher matcher = SIZE.matcher(value);
    if (matcher.matches()) {
      long bytes = Long.parseLong(matcher.group(1)) << (matcher.group(2).equals("KiB") ? 10 : 20);
      if (bytes >= PART_SIZE_MIN_BYTES && bytes <= PART_SIZE_MAX_BYTES) {
        return (int) bytes;
      }
    }
    throw OptionValues.invalid(PART_SIZE, value, "5MiB to 512MiB");
  }
}
