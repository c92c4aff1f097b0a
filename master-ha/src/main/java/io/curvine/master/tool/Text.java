/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Names that are bytes, for people: UTF-8, with what is not printable as {@code \\xHH}. Stateless.
 */
public final class Text {
  private static final int HEX_DIGITS = 2;

  private Text() {}

  /** A name as people read it; {@link #parse} reads it too. */
  public static String of(ByteString name) {
    String text = name.toStringUtf8();
    boolean plain =
        name.isValidUtf8() && text.chars().noneMatch(c -> Character.isISOControl(c) || c == '\\');
    if (plain) {
      return text;
    }
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < name.size(); i++) {
      int unit = name.byteAt(i) & 0xff;
      if (unit > 0x20 && unit < 0x7f && unit != '\\') {
        escaped.append((char) unit);
      } else {
        escaped.append("\\x").append(HexFormat.of().toHexDigits((byte) unit));
      }
    }
    return escaped.toString();
  }

  /**
   * What {@link #of} was given.
   *
   * @throws IllegalArgumentException where a backslash begins nothing
   */
  static ByteString parse(String text) {
    if (text.indexOf('\\') < 0) {
      return ByteString.copyFromUtf8(text);
    }
    ByteString.Output bytes = ByteString.newOutput();
    int at = 0;
    while (at < text.length()) {
      if (text.charAt(at) != '\\') {
        String one = Character.toString(text.codePointAt(at));
        byte[] unit = one.getBytes(StandardCharsets.UTF_8);
        bytes.write(unit, 0, unit.length);
        at += one.length();
        continue;
      }
      if (!text.startsWith("\\x", at) || text.length() < at + 2 + HEX_DIGITS) {
        throw new IllegalArgumentException("'" + text + "' has a backslash that begins no \\xHH");
      }
      bytes.write(HexFormat.fromHexDigits(text, at + 2, at + 2 + HEX_DIGITS));
      at += 2 + HEX_DIGITS;
    }
    return bytes.toByteString();
  }
}
