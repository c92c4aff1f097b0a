/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import org.junit.jupiter.api.Test;

class AttributesTest {
  private static final long MIB = 1 << 20;

  private static long sectors(long length, long baseLength) {
    return Attributes.sectors(
        Inode.newBuilder()
            .setType(InodeType.FILE)
            .setLengthBytes(length)
            .setBaseLengthBytes(baseLength)
            .build());
  }

  @Test
  void aFileOfOneBlockThatWasWrittenIsTakenForWhole() {
    Inode.Builder written =
        Inode.newBuilder()
            .setType(InodeType.FILE)
            .setBlockSizeBytes((int) (8 * MIB))
            .setHasBlockRecords(true);
    assertThat(Attributes.sectors(written.setLengthBytes(8 * MIB).build())).isEqualTo(16_384);
    assertThat(Attributes.sectors(written.setLengthBytes(9 * MIB).build())).isLessThan(18_432);
  }

  @Test
  void onlyALongFileThatMayHaveHolesTakesLessThanItsLength() {
    assertThat(sectors(0, 0)).isZero();
    assertThat(sectors(1, 0)).isEqualTo(1);
    assertThat(sectors(MIB, 0)).isEqualTo(2_048);
    assertThat(sectors(10 * MIB, 10 * MIB)).isEqualTo(20_480);
    assertThat(sectors(10 * MIB, 0)).isLessThan(20_480);
    assertThat(sectors(10 * MIB + 1, 5 * MIB)).isLessThan(20_480).isPositive();
  }
}
