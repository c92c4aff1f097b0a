/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpecialTypeTest {
  @ParameterizedTest
  @EnumSource(SpecialType.class)
  void isFoundByItsBits(SpecialType type) {
    assertThat(SpecialType.of(type.bits())).contains(type);
    assertThat(type.bits() & 07777).isZero();
  }

  @Test
  void knowsNoOtherBits() {
    assertThat(SpecialType.of(0)).isEmpty();
    assertThat(SpecialType.of(0100000)).as("a regular file").isEmpty();
    assertThat(SpecialType.of(0170000)).isEmpty();
  }

  /** 1:3, 259:70000 and the largest, as Linux's new_encode_dev gives them. */
  @Test
  void takesDevicesApart() {
    assertThat(SpecialType.major(0x103)).isEqualTo(1);
    assertThat(SpecialType.minor(0x103)).isEqualTo(3);
    assertThat(SpecialType.major(0x11110370)).isEqualTo(259);
    assertThat(SpecialType.minor(0x11110370)).isEqualTo(70000);
    assertThat(SpecialType.major(0xffff_ffff)).isEqualTo(4095);
    assertThat(SpecialType.minor(0xffff_ffff)).isEqualTo(0xfffff);
  }

  @Test
  void tellsWhatIsADevice() {
    assertThat(SpecialType.CHARACTER_DEVICE.isDevice()).isTrue();
    assertThat(SpecialType.BLOCK_DEVICE.isDevice()).isTrue();
    assertThat(SpecialType.FIFO.isDevice()).isFalse();
    assertThat(SpecialType.SOCKET.isDevice()).isFalse();
  }
}
