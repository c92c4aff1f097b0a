/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.config.Setting;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FuseConfigTest {
  @Test
  void theDocumentedDefaultsAreTheDefaults() {
    Map<String, String> documented = new LinkedHashMap<>();
    for (RecordComponent component : FuseConfig.class.getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      assertThat(setting).as(component.getName()).isNotNull();
      assertThat(setting.doc()).endsWith(".");
      documented.put(component.getName(), setting.value());
    }
    FuseConfig defaults = FuseConfig.defaults();
    assertThat(defaults.attrTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(documented)
        .containsEntry("attrTimeout", "1s")
        .containsEntry("entryTimeout", "1s")
        .containsEntry("negativeTimeout", "0s")
        .containsEntry("threads", Integer.toString(defaults.threads()))
        .containsEntry("maxThreads", Integer.toString(defaults.maxThreads()))
        .containsEntry("maxReadahead", (defaults.maxReadahead() >> 20) + "MiB")
        .containsEntry("spoolDir", defaults.spoolDir().toString())
        .containsEntry("allowOther", Boolean.toString(defaults.allowOther()))
        .containsEntry("readOnly", Boolean.toString(defaults.readOnly()))
        .containsEntry("debug", Boolean.toString(defaults.debug()));
  }

  @Test
  void aWrongValueIsNamedWithWhatIsAllowed() {
    FuseConfig defaults = FuseConfig.defaults();
    assertThatThrownBy(() -> defaults.withTimeouts(Duration.ofHours(2)))
        .hasMessage("attr_timeout is PT2H; allowed: 0s to 1h");
    assertThatThrownBy(() -> defaults.withSpoolDir(Path.of("here")))
        .hasMessage("spool_dir is here; allowed: an absolute path");
    assertThat(defaults.withReadOnly(true).readOnly()).isTrue();
  }
}
