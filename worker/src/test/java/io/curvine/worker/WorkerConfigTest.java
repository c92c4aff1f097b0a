/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.config.Setting;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.TierKind;
import io.curvine.worker.store.DirSpec;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerConfigTest {
  @Test
  void everyComponentIsDocumented() {
    for (RecordComponent component : WorkerConfig.class.getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      assertThat(setting).as(component.getName()).isNotNull();
      assertThat(setting.doc()).as(component.getName()).endsWith(".");
    }
  }

  @Test
  void copiesKeepTheRest() {
    WorkerConfig config =
        WorkerConfig.defaults()
            .withMasters(List.of(new HostPort("m", 1)))
            .withAddress("127.0.0.1", 0)
            .withDirs(List.of("HDD:/x:1TiB"), Path.of("/id"));
    assertThat(config.masters()).containsExactly(new HostPort("m", 1));
    assertThat(config.advertisedHost()).isEqualTo("127.0.0.1");
    assertThat(config.dirSpecs())
        .containsExactly(new DirSpec(TierKind.HDD, Path.of("/x"), 1L << 40));
    assertThat(config.jobSlots()).isEqualTo(WorkerConfig.defaults().jobSlots());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/x:1GiB",
        "SSD:/x",
        "SSD:/x:1GB",
        "SSD:/x:7MiB",
        "TAPE:/x:1GiB",
        "SSD:/x:99999999999TiB"
      })
  void refusesDirectoriesThatAreNotOfTheForm(String dir) {
    assertThatThrownBy(() -> WorkerConfig.defaults().withDirs(List.of(dir), Path.of("id")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(dir);
  }

  @Test
  void refusesADirectoryGivenTwice() {
    List<String> dirs = List.of("SSD:/x/y:1GiB", "SSD:/x/./y:1GiB");
    assertThatThrownBy(() -> WorkerConfig.defaults().withDirs(dirs, Path.of("id")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dirs is SSD:/x/./y:1GiB; allowed: each directory once");
  }
}
