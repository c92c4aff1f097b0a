/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.config.Setting;
import io.curvine.protocol.net.HostPort;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientConfigTest {
  @Test
  void everyComponentIsDocumented() {
    for (RecordComponent component : ClientConfig.class.getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      assertThat(setting).as(component.getName()).isNotNull();
      assertThat(setting.doc()).as(component.getName()).endsWith(".");
    }
  }

  @Test
  void copiesChangeOneThing() {
    ClientConfig config = ClientConfig.defaults();
    List<HostPort> masters = HostPort.parseList("a:1,b:2");
    assertThat(config.withMasters(masters).masters()).isEqualTo(masters);
    assertThat(config.withMasters(masters).withMasters(config.masters())).isEqualTo(config);
    assertThat(config.withClientName("x").clientName()).isEqualTo("x");
    assertThat(config.withRequestTimeout(Duration.ofSeconds(3)).requestTimeout())
        .isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void outOfRangeIsRefusedWithKeyValueAndWhatIsAllowed() {
    ClientConfig config = ClientConfig.defaults();
    assertThatThrownBy(() -> config.withRequestTimeout(Duration.ofMillis(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("request_timeout is PT0.001S; allowed: ");
    assertThatThrownBy(() -> config.withMasters(List.of())).hasMessageStartingWith("masters is []");
    assertThatThrownBy(() -> config.withMasters(List.of(new HostPort("a", 0))))
        .hasMessageContaining("a port of 1 to 65535");
    assertThatThrownBy(() -> config.withReadFrom(ReadFrom.STALE, Duration.ZERO))
        .hasMessageContaining("max_staleness is PT0S; allowed: ");
    assertThatThrownBy(() -> config.withClientName(" ")).hasMessageContaining("1 to 255");
  }
}
