/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import com.google.protobuf.ByteString;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;

/**
 * Keys of the column families as people read and write them: their numbers and names, each after a
 * colon. A key of another form is {@code 0x} and its bytes in hexadecimal. Stateless.
 */
public final class StateKeys {
  private static final String HEX = "0x";

  /** A colon as {@link Text} writes what is not printable. */
  private static final String COLON = "\\x3a";

  private static final ByteString END = ByteString.copyFrom(new byte[1]);

  /** What a key is made of, in order. */
  private enum Part {
    /** 8 bytes. */
    LONG,
    /** 4 bytes. */
    INT,
    /** A name that a NUL ends; its colons are written as codes. */
    ENDED,
    /** The rest as a name. */
    NAME
  }

  private static final Map<ColumnFamily<?>, Part[]> FORMS =
      Map.ofEntries(
          form(ColumnFamily.META, Part.NAME),
          form(ColumnFamily.INODES, Part.LONG),
          form(ColumnFamily.DENTRIES, Part.LONG, Part.NAME),
          form(ColumnFamily.LINKS, Part.LONG, Part.LONG, Part.NAME),
          form(ColumnFamily.BLOCKS, Part.LONG, Part.INT),
          form(ColumnFamily.XATTRS, Part.LONG, Part.NAME),
          form(ColumnFamily.MOUNTS, Part.INT),
          form(ColumnFamily.SESSIONS, Part.LONG),
          form(ColumnFamily.RESULTS, Part.LONG, Part.INT),
          form(ColumnFamily.LEASES, Part.LONG, Part.LONG),
          form(ColumnFamily.WORKERS, Part.INT),
          form(ColumnFamily.WORKER_UUIDS, Part.NAME),
          form(ColumnFamily.JOBS, Part.LONG),
          form(ColumnFamily.JOB_PATHS, Part.INT, Part.NAME),
          form(ColumnFamily.FAILED_JOBS, Part.LONG),
          form(ColumnFamily.REAP, Part.LONG),
          form(ColumnFamily.TREE_JOBS, Part.LONG),
          form(ColumnFamily.LOADED, Part.LONG),
          form(ColumnFamily.PROGRESS, Part.LONG),
          form(ColumnFamily.CLUSTER, Part.NAME),
          form(ColumnFamily.GROUPS, Part.NAME),
          form(ColumnFamily.GROUP_OFFSETS, Part.ENDED, Part.ENDED, Part.INT),
          form(ColumnFamily.FLOORS, Part.NAME),
          form(ColumnFamily.SOURCES, Part.INT, Part.NAME),
          form(ColumnFamily.DIRTY, Part.INT, Part.NAME),
          form(ColumnFamily.QUOTAS, Part.LONG),
          form(ColumnFamily.COUNTED_TREES, Part.LONG),
          form(ColumnFamily.POLICIES, Part.LONG));

  private StateKeys() {}

  private static Map.Entry<ColumnFamily<?>, Part[]> form(ColumnFamily<?> family, Part... parts) {
    return Map.entry(family, parts);
  }

  /** A family by its name. */
  public static ColumnFamily<?> family(String name) {
    for (ColumnFamily<?> family : ColumnFamily.all()) {
      if (family.storedName().equals(name)) {
        return family;
      }
    }
    throw new IllegalArgumentException("family is '" + name + "'; allowed: " + ColumnFamily.all());
  }

  /** A key for people; {@link #parse} reads it. */
  public static String text(ColumnFamily<?> family, Key key) {
    String text = formed(family, key);
    return text == null ? HEX + HexFormat.of().formatHex(key.bytes()) : text;
  }

  private static String formed(ColumnFamily<?> family, Key key) {
    Part[] parts = FORMS.get(family);
    if (parts == null) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (Part part : parts) {
      if (at > 0) {
        text.append(':');
      }
      int length = length(part, key, at);
      if (at + length > key.length()) {
        return null;
      }
      switch (part) {
        case LONG -> text.append(key.longAt(at));
        case INT -> text.append(key.intAt(at));
        case ENDED -> {
          ByteString name = Keys.nameAt(key, at).substring(0, length - 1);
          text.append(Text.of(name).replace(":", COLON));
        }
        case NAME -> text.append(Text.of(Keys.nameAt(key, at)));
      }
      at += length;
    }
    return at == key.length() && !text.toString().startsWith(HEX) ? text.toString() : null;
  }

  /** Greater than what is left of the key where it has no such part. */
  private static int length(Part part, Key key, int at) {
    return switch (part) {
      case LONG -> Long.BYTES;
      case INT -> Integer.BYTES;
      case ENDED -> {
        int end = at;
        while (end < key.length() && key.bytes()[end] != 0) {
          end++;
        }
        yield end + 1 - at;
      }
      case NAME -> key.length() - at;
    };
  }

  /**
   * The key that a text means, or the beginning of keys: numbers and names that follow may be left
   * out.
   *
   * @throws IllegalArgumentException where it is none of the family
   */
  public static Key parse(ColumnFamily<?> family, String text) {
    if (text.startsWith(HEX)) {
      return Key.of(HexFormat.of().parseHex(text.substring(HEX.length())));
    }
    Part[] parts = FORMS.get(family);
    if (parts == null) {
      throw new IllegalArgumentException(
          "key is '" + text + "'; allowed: 0x and the bytes of the key in hexadecimal");
    }
    ByteString.Output bytes = ByteString.newOutput();
    String rest = text;
    for (int i = 0; i < parts.length && rest != null; i++) {
      int colon = parts[i] == Part.NAME ? -1 : rest.indexOf(':');
      String one = colon < 0 ? rest : rest.substring(0, colon);
      rest = colon < 0 ? null : rest.substring(colon + 1);
      byte[] part = bytes(parts[i], one, family, text);
      bytes.write(part, 0, part.length);
    }
    if (rest != null) {
      throw wrong(family, text, null);
    }
    return Key.of(bytes.toByteString().toByteArray());
  }

  private static boolean isName(Part part) {
    return part == Part.NAME || part == Part.ENDED;
  }

  private static byte[] bytes(Part part, String text, ColumnFamily<?> family, String all) {
    try {
      return switch (part) {
        case LONG -> ByteBuffer.allocate(Long.BYTES).putLong(Long.parseLong(text)).array();
        case INT -> ByteBuffer.allocate(Integer.BYTES).putInt(Integer.parseInt(text)).array();
        case ENDED -> Text.parse(text).concat(END).toByteArray();
        case NAME -> Text.parse(text).toByteArray();
      };
    } catch (NumberFormatException e) {
      throw wrong(family, all, e);
    }
  }

  private static IllegalArgumentException wrong(
      ColumnFamily<?> family, String text, RuntimeException cause) {
    StringBuilder allowed = new StringBuilder();
    for (Part part : FORMS.get(family)) {
      allowed.append(allowed.isEmpty() ? "" : ":").append(isName(part) ? "NAME" : "NUMBER");
    }
    return new IllegalArgumentException(
        "key of " + family + " is '" + text + "'; allowed: " + allowed + ", or 0x and hexadecimal",
        cause);
  }
}
