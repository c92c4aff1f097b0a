/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import java.io.IOException;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What a store answers before the body. Immutable.
 *
 * @param lengthBytes of the body; empty where the answer does not say it in a way that is known
 *     here
 * @param eTag empty: none
 * @param persistent whether another request can follow on the connection
 */
record S3AnswerHead(int status, OptionalLong lengthBytes, String eTag, boolean persistent) {
  private static final String HTTP = "HTTP/1.1 ";
  private static final int STATUS_CHARS = 3;

  /**
   * Reads a head.
   *
   * @param text all of it up to the empty line
   * @throws IOException where it is no answer by HTTP/1.1
   */
  static S3AnswerHead parse(String text) throws IOException {
    String[] lines = text.split("\r\n", -1);
    int status = status(lines[0]);
    OptionalLong length = OptionalLong.empty();
    boolean plain = true;
    boolean persistent = true;
    String eTag = "";
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon <= 0) {
        throw new IOException("the answer's header has a line without a name");
      }
      String value = lines[i].substring(colon + 1).strip();
      switch (lines[i].substring(0, colon).toLowerCase(Locale.ROOT)) {
        case "content-length" -> {
          plain &= length.isEmpty() || length.getAsLong() == number(value);
          length = OptionalLong.of(number(value));
        }
        case "transfer-encoding" -> plain = false;
        case "etag" -> eTag = value;
        case "connection" -> persistent = !value.toLowerCase(Locale.ROOT).contains("close");
        default -> {}
      }
    }
    return new S3AnswerHead(status, plain ? length : OptionalLong.empty(), eTag, persistent);
  }

  private static int status(String line) throws IOException {
    if (line.startsWith(HTTP) && line.length() >= HTTP.length() + STATUS_CHARS) {
      return (int) number(line.substring(HTTP.length(), HTTP.length() + STATUS_CHARS));
    }
    throw new IOException("the answer is not HTTP/1.1");
  }

  private static long number(String digits) throws IOException {
    if (digits.isEmpty()
        || digits.length() > 18
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IOException("the answer's header has a number that is none");
    }
    return Long.parseLong(digits);
  }
}
