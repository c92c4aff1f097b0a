/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrashNamesTest {
  private static final Instant NOW = Instant.parse("2026-11-28T06:20:00Z");

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  @Test
  void whatIsKeptIsKeptUntilTheNextHour() {
    assertThat(TrashNames.until(NOW, Duration.ofDays(1))).isEqualTo(bytes("until-2026-11-29-07"));
    assertThat(TrashNames.until(NOW, Duration.ofMinutes(40)))
        .isEqualTo(bytes("until-2026-11-28-07"));
    assertThat(TrashNames.keptUntil(bytes("until-2026-11-29-07")))
        .contains(Instant.parse("2026-11-29T07:00:00Z"));
    assertThat(TrashNames.keptUntil(TrashNames.further(bytes("until-2026-11-29-07"), 12)))
        .contains(Instant.parse("2026-11-29T07:00:00Z"));
    for (String other :
        List.of("", "until-", "until-2026-13-29-07", "until-2026-11-29-07x", "2026-11-29-07")) {
      assertThat(TrashNames.keptUntil(bytes(other))).as(other).isEmpty();
    }
  }

  @Test
  void aDirectoryIsOneNameThatCanBeRead() {
    assertThat(TrashNames.encode(bytes("a/b"))).containsExactly(bytes("a%2Fb"));
    assertThat(TrashNames.encode(bytes("100%"))).containsExactly(bytes("100%25"));
    assertThat(TrashNames.encode(ByteString.EMPTY)).containsExactly(bytes("%"));
    assertThat(TrashNames.decode(List.of(bytes("a%2f")))).isEmpty();
    assertThat(TrashNames.decode(List.of(bytes("a%+")))).isEmpty();
    assertThat(TrashNames.decode(List.of(bytes("a"), bytes("b")))).isEmpty();
  }

  @Test
  void aLongNameIsCutBetweenCharacters() {
    for (String character : List.of("\u00e4", "\u20ac", "\ud83d\ude00")) {
      for (int shift = 0; shift < 4; shift++) {
        ByteString directory = bytes("a".repeat(shift) + character.repeat(300));
        List<ByteString> names = TrashNames.encode(directory);
        assertThat(names).allMatch(ByteString::isValidUtf8).hasSizeGreaterThan(1);
        assertThat(TrashNames.decode(names)).contains(directory);
      }
    }
  }

  @Test
  void anyDirectoryComesBackFromItsNames() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      byte[] path = new byte[random.nextInt(2_000)];
      for (int i = 0; i < path.length; i++) {
        path[i] = (byte) "/%+2F\u0080\u00ffab".charAt(random.nextInt(9));
      }
      ByteString directory = ByteString.copyFrom(path);
      List<ByteString> names = TrashNames.encode(directory);
      assertThat(names)
          .as("seed " + seed)
          .allMatch(name -> name.size() > 0 && name.size() <= Limits.NAME_MAX_BYTES)
          .noneMatch(name -> name.equals(bytes(".")) || name.equals(bytes("..")));
      assertThat(TrashNames.decode(names)).as("seed " + seed).isEqualTo(Optional.of(directory));
    }
  }
}
