/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostPortTest {
  @Test
  void readsAndWritesAddresses() {
    assertThat(HostPort.parse("host:1")).isEqualTo(new HostPort("host", 1));
    assertThat(HostPort.parse("[::1]:80")).isEqualTo(new HostPort("::1", 80));
    assertThat(HostPort.parse("[::1]:80")).hasToString("[::1]:80");
    assertThat(HostPort.parseList("a:1, b:2")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", ":1", "host:", "host:x", "host:65536", "host:-1", " :1"})
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> HostPort.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("host:port");
  }
}
