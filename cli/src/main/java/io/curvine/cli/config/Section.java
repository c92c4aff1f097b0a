/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.config;

import io.curvine.protocol.config.Setting;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One table of the configuration file and the record that it fills. Immutable.
 *
 * @param name of the table, for example {@code worker}
 * @param doc what the table is for, one sentence
 * @param type a record whose components all carry {@link Setting}
 */
public record Section(String name, String doc, Class<? extends Record> type) {
  /** In the order of the record's components. */
  public List<Key> keys() {
    return Arrays.stream(type.getRecordComponents()).map(this::key).toList();
  }

  private Key key(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    return new Key(
        this,
        component,
        Objects.requireNonNull(
            setting, () -> type + "." + component.getName() + " has no @Setting"));
  }
}
