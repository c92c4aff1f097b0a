/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.config;

import io.curvine.protocol.config.Setting;
import java.lang.reflect.RecordComponent;
import java.util.Locale;

/**
 * One key of the configuration. Immutable.
 *
 * @param section the table that it is in
 * @param component of the record that it fills
 * @param setting its documentation and default
 */
public record Key(Section section, RecordComponent component, Setting setting) {
  /** Beginning of every variable that is read. */
  static final String VARIABLE_PREFIX = "CURVINE_";

  /** As written in the file: {@code scan-interval}. */
  public String name() {
    return kebab(component.getName());
  }

  /** With its table: {@code worker.scan-interval}. */
  public String path() {
    return section.name() + "." + name();
  }

  /** The variable that overrides it: {@code CURVINE_WORKER_SCAN_INTERVAL}. */
  public String variable() {
    return VARIABLE_PREFIX + path().replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** Without a default; the key has to be given where the section is used. */
  public boolean required() {
    return setting.value().isEmpty() && !SettingType.of(component).acceptsEmpty();
  }

  /** Any spelling of a name ({@code scanInterval}, {@code scan_interval}) as the file has it. */
  static String kebab(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
