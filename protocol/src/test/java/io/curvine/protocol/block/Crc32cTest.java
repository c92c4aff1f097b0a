/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class Crc32cTest {
  @Test
  void theChecksumOfAKnownText() {
    assertThat(Crc32c.of(ByteBuffer.wrap("123456789".getBytes(StandardCharsets.US_ASCII))))
        .isEqualTo(0xE3069283); // the check value of CRC-32C in every catalogue
  }

  @Test
  void ofPartsItIsThatOfTheWhole() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      int second =
          switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> BlockFileFormat.CHUNK_BYTES;
            default -> random.nextInt(100_000);
          };
      byte[] bytes = new byte[random.nextInt(1000) + second];
      random.nextBytes(bytes);
      int first = bytes.length - second;
      int joined =
          Crc32c.join(
              Crc32c.of(ByteBuffer.wrap(bytes, 0, first)),
              Crc32c.of(ByteBuffer.wrap(bytes, first, second)),
              second);
      assertThat(joined)
          .as("seed %s round %s", seed, round)
          .isEqualTo(Crc32c.of(ByteBuffer.wrap(bytes)));
    }
  }

  @Test
  void nothingBeforeAndNothingAfterChangeNothing() {
    int some = Crc32c.of(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    int nothing = Crc32c.of(ByteBuffer.allocate(0));
    assertThat(Crc32c.join(nothing, some, 3)).isEqualTo(some);
    assertThat(Crc32c.join(some, nothing, 0)).isEqualTo(some);
  }
}
