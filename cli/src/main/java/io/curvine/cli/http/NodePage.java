/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * A page of a node's HTTP port, as it was at one moment. Immutable.
 *
 * @param status 200, or 503 where the node is not ready
 * @param body all of it
 * @param clock the node's, to the second; null where it did not say
 */
public record NodePage(int status, String body, Instant clock) {
  private static final int CONNECT_MAX_MS = 2_000;
  private static final int READ_MAX_MS = 5_000;

  /**
   * Asks for a page.
   *
   * @param http host:port
   * @throws IOException where it does not answer
   */
  public static NodePage get(String http, String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create("http://" + http + path).toURL().openConnection();
    connection.setConnectTimeout(CONNECT_MAX_MS);
    connection.setReadTimeout(READ_MAX_MS);
    try {
      int status = connection.getResponseCode();
      try (InputStream in =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        String body = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        long date = connection.getDate();
        return new NodePage(status, body, date == 0 ? null : Instant.ofEpochMilli(date));
      }
    } finally {
      connection.disconnect();
    }
  }

  /** A metric without labels, where this is {@code /metrics} and has it. */
  public OptionalDouble metric(String name) {
    return body.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst();
  }
}
