/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.http;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import io.curvine.cli.Failures;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is sent to a node by POST. The answer comes when what was sent has had its effect,
 * from whichever thread that is; no thread waits. Stateless.
 */
final class Intakes {
  private static final Logger LOG = LoggerFactory.getLogger(Intakes.class);
  private static final int BODY_MAX_BYTES = 1 << 20;
  private static final int ANSWER_MAX_SECONDS = 30;
  private static final String BEARER = "Bearer ";

  private Intakes() {}

  /** Reads the request, has it taken, and answers; the exchange ends with the answer. */
  static void take(HttpExchange exchange, Intake intake) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      answer(exchange, 405, "allowed: POST\n");
      return;
    }
    byte[] body = exchange.getRequestBody().readNBytes(BODY_MAX_BYTES + 1);
    if (body.length > BODY_MAX_BYTES) {
      answer(exchange, 413, "allowed: up to " + BODY_MAX_BYTES + " bytes\n");
      return;
    }
    intake
        .taker()
        .take(
            new Intake.Sent(
                query(exchange.getRequestURI().getRawQuery()),
                token(exchange),
                ByteString.copyFrom(body)))
        .copy()
        .orTimeout(ANSWER_MAX_SECONDS, TimeUnit.SECONDS)
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                answer(exchange, 200, "done\n");
              } else {
                Throwable cause = cause(failure);
                answer(exchange, status(cause), Failures.line(cause) + "\n");
              }
            });
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** A sender tries again after a status of 500 and more. */
  private static int status(Throwable failure) {
    if (failure instanceof TimeoutException) {
      return 504;
    }
    if (failure instanceof CurvineException known) {
      if (known.code() == ErrorCode.PERMISSION_DENIED) {
        return 403;
      }
      if (known.code() == ErrorCode.INVALID_ARGUMENT) {
        return 400;
      }
    }
    return 503;
  }

  private static String token(HttpExchange exchange) {
    String given =
        Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
    return given.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? given.substring(BEARER.length()).trim()
        : given.trim();
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new LinkedHashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          query.put(
              URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
      }
    }
    return query;
  }

  private static void answer(HttpExchange exchange, int status, String text) {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      LOG.debug("an answer was not sent: {}", e.getMessage()); // the sender tries again
    }
  }
}
