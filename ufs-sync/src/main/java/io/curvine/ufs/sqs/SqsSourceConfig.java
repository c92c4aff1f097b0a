/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.sqs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.OptionValues;
import io.curvine.ufs.change.SourceOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options of one SQS source, read and validated. Immutable.
 *
 * @param endpoint of a compatible server; empty: AWS
 * @param accessKey empty: the SDK's default chain
 * @param visibilityTimeout how long a message is hidden from others once it was received
 */
record SqsSourceConfig(
    URI queue,
    Optional<URI> endpoint,
    String region,
    String accessKey,
    String secretKey,
    String sessionToken,
    Duration visibilityTimeout) {
  static final String QUEUE = "sqs.queue";
  static final String ENDPOINT = "sqs.endpoint";
  static final String REGION = "sqs.region";
  static final String ACCESS_KEY = "sqs.access-key";
  static final String SECRET_KEY = "sqs.secret-key";
  static final String SESSION_TOKEN = "sqs.session-token";
  static final String VISIBILITY_TIMEOUT = "sqs.visibility-timeout";

  static final Set<String> SECRETS = Set.of(ACCESS_KEY, SECRET_KEY, SESSION_TOKEN);

  private static final Pattern AWS_HOST =
      Pattern.compile(
          "(?:sqs\\.([a-z0-9-]+)|([a-z0-9-]+)\\.queue|queue)\\.amazonaws\\.com(?:\\.cn)?");

  static Map<String, String> documentation() {
    Map<String, String> docs = new LinkedHashMap<>();
    docs.put(QUEUE, "URL of the queue that gets the bucket's notifications. Required.");
    docs.put(
        ENDPOINT,
        "http(s)://host:port of an SQS-compatible server. Default: that of sqs.queue, AWS for a"
            + " queue of AWS.");
    docs.put(
        REGION, "Region that requests are signed for. Default: that of sqs.queue, else us-east-1.");
    docs.put(
        ACCESS_KEY,
        "Access key id. Default: the AWS SDK's chain (environment, profile, instance role).");
    docs.put(SECRET_KEY, "Secret access key; together with sqs.access-key.");
    docs.put(SESSION_TOKEN, "Token of temporary credentials. Default: none.");
    docs.put(
        VISIBILITY_TIMEOUT,
        "When a message comes again whose change has had no effect by then, 10s to 12h."
            + " Default: 5m.");
    return docs;
  }

  static SqsSourceConfig parse(Map<String, String> given) throws CurvineException {
    SourceOptions options = new SourceOptions(given);
    URI queue = url(QUEUE, options.required(QUEUE));
    Matcher aws = AWS_HOST.matcher(queue.getHost());
    boolean ofAws = aws.matches();
    Optional<URI> endpoint =
        options.text(ENDPOINT).isEmpty()
            ? ofAws ? Optional.empty() : Optional.of(queue.resolve("/"))
            : Optional.of(url(ENDPOINT, options.text(ENDPOINT)));
    String access = options.text(ACCESS_KEY);
    if (access.isEmpty() != options.text(SECRET_KEY).isEmpty()) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT, ACCESS_KEY + " and " + SECRET_KEY + " are given together");
    }
    if (access.isEmpty() && !options.text(SESSION_TOKEN).isEmpty()) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT, SESSION_TOKEN + " is given only with " + ACCESS_KEY);
    }
    return new SqsSourceConfig(
        queue,
        endpoint,
        options.text(REGION).isEmpty() ? region(aws, ofAws) : options.text(REGION),
        access,
        options.text(SECRET_KEY),
        options.text(SESSION_TOKEN),
        options.duration(
            VISIBILITY_TIMEOUT,
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofHours(12)));
  }

  private static String region(Matcher host, boolean ofAws) {
    String named = ofAws ? host.group(1) == null ? host.group(2) : host.group(1) : null;
    return named == null ? "us-east-1" : named;
  }

  private static URI url(String key, String value) throws CurvineException {
    try {
      URI url = new URI(value);
      if (url.getHost() != null && String.valueOf(url.getScheme()).matches("https?")) {
        return url;
      }
    } catch (URISyntaxException e) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT, key + " is " + value + "; allowed: a URL", e);
    }
    throw OptionValues.invalid(key, value, "a URL of http or https");
  }

  /** For messages. */
  String name() {
    return "sqs queue " + queue;
  }

  /** Without the credentials. */
  @Override
  public String toString() {
    return name();
  }
}
