/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.cli.CliException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ObjectBytesTest {
  private static final long LENGTH = 3L * ObjectBytes.CHUNK_BYTES + 5;

  @Test
  void aStreamIsWhatIsExpected() throws IOException {
    assertThat(UfsBed.check(ObjectBytes.stream(7, LENGTH), 7, LENGTH)).isEqualTo(LENGTH);
  }

  @Test
  void readsOneByOneAreTheSame() throws IOException {
    byte[] all = ObjectBytes.stream(7, 1_000).readAllBytes();
    var in = ObjectBytes.stream(7, 1_000);
    for (byte each : all) {
      assertThat((byte) in.read()).isEqualTo(each);
    }
    assertThat(in.read()).isEqualTo(-1);
  }

  @Test
  void anotherObjectIsSeen() {
    assertThatThrownBy(() -> UfsBed.check(ObjectBytes.stream(8, LENGTH), 7, LENGTH))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("object 7 has other bytes");
  }

  @Test
  void anotherPlaceIsSeen() throws IOException {
    byte[] bytes = ObjectBytes.stream(7, 64).readAllBytes();
    assertThatCode(() -> ObjectBytes.check(7, 0, bytes, 64)).doesNotThrowAnyException();
    assertThatThrownBy(() -> ObjectBytes.check(7, ObjectBytes.CHUNK_BYTES, bytes, 64))
        .isInstanceOf(CliException.class);
  }

  @Test
  void aShortObjectIsSeen() {
    assertThatThrownBy(() -> UfsBed.check(ObjectBytes.stream(7, 63), 7, 64))
        .isInstanceOf(CliException.class)
        .hasMessage("object 7 has 63 bytes; written: 64");
  }
}
