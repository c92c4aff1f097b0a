/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was configured, of all sections: from the file, the variables and the flags, over the
 * defaults. Immutable. Made by {@link ConfigLoader}.
 */
public final class Configuration {
  /** Records say: {@code read_window_bytes is 5; allowed: 0 to 256MiB}. */
  private static final Pattern RECORD_MESSAGE =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9_.-]*) (is|has|are) .*", Pattern.DOTALL);

  private final List<Section> sections;
  private final Map<String, Given> given;

  Configuration(List<Section> sections, Map<String, Given> given) {
    this.sections = sections;
    this.given = Map.copyOf(given);
  }

  /**
   * The record of a section.
   *
   * @throws ConfigException where a value is missing or refused; it names place, key and what is
   *     allowed
   */
  public <T extends Record> T get(Class<T> type) {
    Section section =
        sections.stream()
            .filter(each -> each.type() == type)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no section is a " + type));
    return type.cast(instantiate(section));
  }

  /** Where the key was given; empty: it has its default. */
  public Optional<String> origin(Key key) {
    return Optional.ofNullable(given.get(key.path())).map(Given::origin);
  }

  /** What is in force, as it is written in a file; empty where a required key was not given. */
  public String text(Key key) {
    Given value = given.get(key.path());
    return value == null ? key.setting().value() : String.join(",", value.texts());
  }

  /** All sections, in the order of the reference page. */
  public List<Section> sections() {
    return sections;
  }

  /** Refuses every section with a wrong value, also those that this process does not use. */
  void check() {
    for (Section section : sections) {
      if (section.keys().stream()
          .noneMatch(key -> key.required() && !given.containsKey(key.path()))) {
        instantiate(section);
      }
    }
  }

  private Record instantiate(Section section) {
    List<Object> values = new ArrayList<>();
    for (Key key : section.keys()) {
      values.add(value(key));
    }
    Class<?>[] types =
        Arrays.stream(section.type().getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<? extends Record> constructor = section.type().getDeclaredConstructor(types);
      return constructor.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      throw refused(section, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + section.type(), e);
    }
  }

  private Object value(Key key) {
    SettingType type = SettingType.of(key.component());
    Given value = given.get(key.path());
    if (value == null) {
      if (key.required()) {
        throw new ConfigException(
            key.path()
                + " is missing; give it in the file, as "
                + key.variable()
                + " or by --set "
                + key.path()
                + "=...; allowed: "
                + type.allowed());
      }
      return type.parse(type.split(key.setting().value()));
    }
    try {
      return type.parse(value.texts());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ConfigException(
          value.origin()
              + ": "
              + key.path()
              + " is '"
              + String.join(",", value.texts())
              + "'; allowed: "
              + type.allowed(),
          e);
    }
  }

  /** Puts the place in front of what the record itself said. */
  private ConfigException refused(Section section, Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    Matcher said = RECORD_MESSAGE.matcher(message);
    if (said.matches()) {
      String name = Key.kebab(said.group(1).substring(said.group(1).indexOf('.') + 1));
      for (Key key : section.keys()) {
        if (key.name().equals(name)) {
          String rest = message.substring(said.group(1).length());
          return new ConfigException(
              origin(key).map(origin -> origin + ": ").orElse("") + key.path() + rest, cause);
        }
      }
    }
    return new ConfigException("[" + section.name() + "] " + message, cause);
  }

  /**
   * A value as it was written.
   *
   * @param texts one, or those of a list
   * @param origin for people: {@code curvine.toml:12}, {@code CURVINE_WORKER_HOST}
   */
  record Given(List<String> texts, String origin) {}
}
