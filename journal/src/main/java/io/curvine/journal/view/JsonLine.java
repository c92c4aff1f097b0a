/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.view;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.Arrays;
import java.util.Base64;

/**
 * Writes one object of JSON as bytes. A library writes the same through characters, at three times
 * the cost, and each change of a busy cluster comes through here. Not thread-safe.
 */
final class JsonLine {
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
  private static final byte[] TRUE = "true".getBytes(US_ASCII);

  private byte[] bytes = new byte[384];
  private int length;

  JsonLine() {
    add('{');
  }

  void number(String name, long unsigned) {
    name(name);
    raw(Long.toUnsignedString(unsigned).getBytes(US_ASCII));
  }

  void yes(String name) {
    name(name);
    raw(TRUE);
  }

  /** A text without a character that needs an escape. */
  void ascii(String name, ByteString text) {
    name(name);
    add('"');
    ensure(text.size());
    text.copyTo(bytes, length);
    length += text.size();
    add('"');
  }

  void text(String name, String text) {
    name(name);
    quoted(text.getBytes(UTF_8));
  }

  /** A path, of any bytes. */
  void path(String name, ByteString path) {
    name(name);
    if (path.isValidUtf8()) {
      quoted(path.toByteArray());
    } else {
      quoted(path.toStringUtf8().getBytes(UTF_8));
      name(name + "Base64");
      quoted(Base64.getEncoder().encode(path.toByteArray()));
    }
  }

  ByteString end() {
    add('}');
    return UnsafeByteOperations.unsafeWrap(bytes, 0, length);
  }

  private void name(String name) {
    if (length > 1) {
      add(',');
    }
    quoted(name.getBytes(US_ASCII));
    add(':');
  }

  private void quoted(byte[] utf8) {
    ensure(utf8.length + 2);
    add('"');
    for (byte each : utf8) {
      if (each == '"' || each == '\\') {
        add('\\');
        add(each);
      } else if (each >= 0 && each < ' ') {
        raw(new byte[] {'\\', 'u', '0', '0', HEX[each >> 4], HEX[each & 15]});
      } else {
        add(each);
      }
    }
    add('"');
  }

  private void raw(byte[] more) {
    ensure(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
  }

  private void add(int one) {
    ensure(1);
    bytes[length++] = (byte) one;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
