/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol;

import com.google.protobuf.ByteString;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Names in the trash: {@code .trash/until-2026-11-29-07/a%2Fb/name} is what was at {@code a/b/name}
 * and is kept until that hour, in UTC. A directory too long for one name continues in the next one
 * below, and its name then ends with {@code %+}. All that is known of what was deleted is in its
 * names, so a UFS keeps it too. Stateless.
 */
public final class TrashNames {
  /** The directory at the root of a mount, and of the namespace. */
  public static final ByteString DIRECTORY = ByteString.copyFromUtf8(".trash");

  private static final String UNTIL = "until-";
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("uuuu-MM-dd-HH", Locale.ROOT);
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd-HH:mm", Locale.ROOT);

  /** A thousand years or so: later hours have longer names. */
  private static final Duration KEPT_MAX = Duration.ofDays(365_000);

  private static final int HOUR_CHARS = "2026-11-29-07".length();
  private static final ByteString TOP = ByteString.copyFromUtf8("%");
  private static final ByteString GOES_ON = ByteString.copyFromUtf8("%+");
  private static final ByteString PERCENT = ByteString.copyFromUtf8("%25");
  private static final ByteString SLASH = ByteString.copyFromUtf8("%2F");
  private static final int PIECE_BYTES = Limits.NAME_MAX_BYTES - 2;
  private static final int CHARACTER_BYTES_MAX = 4;

  private TrashNames() {}

  /** The name of the directory of what is kept for a while from now on, up to the next hour. */
  public static ByteString until(Instant now, Duration kept) {
    Instant end = now.plus(kept.compareTo(KEPT_MAX) < 0 ? kept : KEPT_MAX);
    Instant hour = end.truncatedTo(ChronoUnit.HOURS);
    Instant next = hour.equals(end) ? hour : hour.plus(1, ChronoUnit.HOURS);
    return ByteString.copyFromUtf8(UNTIL + HOUR.format(next.atOffset(ZoneOffset.UTC)));
  }

  /** A further directory of that kind, for what was deleted again from the same place. */
  public static ByteString further(ByteString until, long number) {
    return until.concat(ByteString.copyFromUtf8("." + number));
  }

  /** Until when something is kept; empty where the name says nothing of that. */
  public static Optional<Instant> keptUntil(ByteString name) {
    String text = name.toStringUtf8();
    int end = UNTIL.length() + HOUR_CHARS;
    if (!text.startsWith(UNTIL) || text.length() < end) {
      return Optional.empty();
    }
    if (text.length() > end && !text.substring(end).matches("\\.[0-9]+")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          LocalDateTime.parse(text.substring(UNTIL.length(), end) + ":00", MINUTE)
              .toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * The names, one below the other, for a directory.
   *
   * @param directory relative to where the trash is; empty: there
   */
  public static List<ByteString> encode(ByteString directory) {
    if (directory.isEmpty()) {
      return List.of(TOP);
    }
    ByteString.Output escaped = ByteString.newOutput();
    for (int i = 0; i < directory.size(); i++) {
      switch (directory.byteAt(i)) {
        case '%' -> write(PERCENT, escaped);
        case '/' -> write(SLASH, escaped);
        default -> escaped.write(directory.byteAt(i));
      }
    }
    ByteString left = escaped.toByteString();
    List<ByteString> names = new ArrayList<>();
    while (left.size() > Limits.NAME_MAX_BYTES) {
      int cut = cut(left);
      names.add(left.substring(0, cut).concat(GOES_ON));
      left = left.substring(cut);
    }
    names.add(left);
    return names;
  }

  /** Between characters, of which a UFS would not keep the halves; what is no UTF-8 has none. */
  private static int cut(ByteString name) {
    for (int cut = PIECE_BYTES; cut > PIECE_BYTES - CHARACTER_BYTES_MAX; cut--) {
      if ((name.byteAt(cut) & 0xC0) != 0x80) {
        return cut;
      }
    }
    return PIECE_BYTES;
  }

  private static void write(ByteString bytes, ByteString.Output to) {
    for (int i = 0; i < bytes.size(); i++) {
      to.write(bytes.byteAt(i));
    }
  }

  /** Whether a directory's name is continued below it. */
  public static boolean goesOn(ByteString name) {
    return name.endsWith(GOES_ON);
  }

  /** The directory that {@link #encode} gave names for; empty where they are no such names. */
  public static Optional<ByteString> decode(List<ByteString> names) {
    ByteString escaped = ByteString.EMPTY;
    for (int i = 0; i < names.size(); i++) {
      ByteString name = names.get(i);
      boolean last = i == names.size() - 1;
      if (goesOn(name) == last) {
        return Optional.empty();
      }
      escaped = escaped.concat(last ? name : name.substring(0, name.size() - GOES_ON.size()));
    }
    return escaped.equals(TOP) ? Optional.of(ByteString.EMPTY) : unescaped(escaped);
  }

  private static Optional<ByteString> unescaped(ByteString escaped) {
    ByteString.Output directory = ByteString.newOutput();
    int i = 0;
    while (i < escaped.size()) {
      if (escaped.byteAt(i) != '%') {
        directory.write(escaped.byteAt(i++));
        continue;
      }
      ByteString code = escaped.substring(i, Math.min(escaped.size(), i + PERCENT.size()));
      if (code.equals(PERCENT)) {
        directory.write('%');
      } else if (code.equals(SLASH)) {
        directory.write('/');
      } else {
        return Optional.empty();
      }
      i += PERCENT.size();
    }
    return Optional.of(directory.toByteString());
  }
}
