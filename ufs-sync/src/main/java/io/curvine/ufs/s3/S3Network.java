/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.ufs.OptionValues;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The options on the way to a store, read and validated. Immutable.
 *
 * @param proxy that connections go through
 * @param caCertificates PEM file of authorities that are trusted besides Java's own
 * @param requestTimeout of one attempt at a request without a body, and of silence on a connection
 * @param maxAttempts at one request
 */
record S3Network(
    Optional<Proxy> proxy,
    Optional<Path> caCertificates,
    Duration connectTimeout,
    Duration requestTimeout,
    int maxConnections,
    int maxAttempts) {
  static final String PROXY = "s3.proxy";
  static final String CA_CERTIFICATES = "s3.ca-certificates";
  static final String CONNECT_TIMEOUT = "s3.connect-timeout";
  static final String REQUEST_TIMEOUT = "s3.request-timeout";
  static final String MAX_CONNECTIONS = "s3.max-connections";
  static final String MAX_ATTEMPTS = "s3.max-attempts";

  private static final int CONNECTIONS_MAX = 4_096;
  private static final int ATTEMPTS_MAX = 20;
  private static final int ATTEMPTS_DEFAULT = 4;

  /**
   * An HTTP proxy.
   *
   * @param user empty: it wants none
   */
  record Proxy(String host, int port, String user, String password) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  static void document(Map<String, String> docs) {
    docs.put(
        CONNECT_TIMEOUT,
        "To connect, and half of the time to wait for a free connection, 1ms to 10m. Default: 5s.");
    docs.put(
        REQUEST_TIMEOUT,
        "For one attempt at a request, and for silence while a body is sent or received, 1ms to"
            + " 60m. Default: 60s.");
    docs.put(
        MAX_CONNECTIONS,
        "Connections of one process to one mount for reads, and as many for all else, 1 to 4096."
            + " Default: 64.");
    docs.put(
        MAX_ATTEMPTS,
        "Attempts at one request, 1 to 20, after pauses that grow and vary. Default: 4.");
    docs.put(
        PROXY,
        "http://host:port or http://user:password@host:port of a proxy that takes CONNECT."
            + " Default: that of the process's environment, if any.");
    docs.put(
        CA_CERTIFICATES,
        "PEM file of authorities that are trusted besides Java's own, the same path on every"
            + " master and worker. Default: none.");
  }

  static S3Network parse(Map<String, String> options) throws CurvineException {
    return new S3Network(
        proxy(options.getOrDefault(PROXY, "")),
        caCertificates(options.getOrDefault(CA_CERTIFICATES, "")),
        OptionValues.duration(options, CONNECT_TIMEOUT, "5s", Duration.ofMinutes(10)),
        OptionValues.duration(options, REQUEST_TIMEOUT, "60s", Duration.ofMinutes(60)),
        OptionValues.count(options, MAX_CONNECTIONS, 64, CONNECTIONS_MAX),
        OptionValues.count(options, MAX_ATTEMPTS, ATTEMPTS_DEFAULT, ATTEMPTS_MAX));
  }

  private static Optional<Proxy> proxy(String value) throws CurvineException {
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(value);
      if ("http".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0) {
        String userInfo = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
        int colon = userInfo.indexOf(':');
        return Optional.of(
            new Proxy(
                uri.getHost(),
                uri.getPort(),
                decoded(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                decoded(colon < 0 ? "" : userInfo.substring(colon + 1))));
      }
    } catch (URISyntaxException e) {
      // Neither the value nor the exception is shown: a password may be in them.
      throw OptionValues.invalid(PROXY, "not a URI", "http://user:password@host:port");
    }
    throw OptionValues.invalid(
        PROXY, "without host and port, or not http", "http://user:password@host:port");
  }

  private static String decoded(String text) {
    // In a URI a plus is a plus.
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Optional<Path> caCertificates(String value) throws CurvineException {
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Path path = Path.of(value);
    if (!path.isAbsolute() || !Files.isRegularFile(path)) {
      throw OptionValues.invalid(
          CA_CERTIFICATES, value, "absolute path of a PEM file on this machine");
    }
    return Optional.of(path);
  }
}
