/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.view;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Times in nanoseconds since the epoch as {@code 2026-11-26T15:20:01.123456789Z}. Most times that
 * follow each other are of one second, whose text is kept. Not thread-safe.
 */
final class Iso8601 {
  private static final long SECOND = 1_000_000_000;
  private static final int DIGITS = 9;
  private static final DateTimeFormatter TO_THE_SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.");

  private long second = Long.MIN_VALUE;
  private byte[] prefix;

  ByteString format(long nanos) {
    long now = Math.floorDiv(nanos, SECOND);
    if (now != second) {
      second = now;
      prefix =
          LocalDateTime.ofEpochSecond(now, 0, ZoneOffset.UTC)
              .format(TO_THE_SECOND)
              .getBytes(US_ASCII);
    }
    byte[] text = new byte[prefix.length + DIGITS + 1];
    System.arraycopy(prefix, 0, text, 0, prefix.length);
    long left = Math.floorMod(nanos, SECOND);
    for (int i = prefix.length + DIGITS - 1; i >= prefix.length; i--) {
      text[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
    text[text.length - 1] = 'Z';
    return UnsafeByteOperations.unsafeWrap(text);
  }
}
