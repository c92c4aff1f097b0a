/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.config;

import io.curvine.cli.config.Configuration.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/**
 * Reads the configuration: a TOML file, then variables {@code CURVINE_<SECTION>_<KEY>}, then {@code
 * --set section.key=value}, each over the one before. A key may be spelt with '-' or '_'.
 * Immutable.
 */
public final class ConfigLoader {
  private final List<Section> sections;
  private final Map<String, Key> keys = new LinkedHashMap<>();
  private final Map<String, Key> variables = new HashMap<>();

  /** For these sections; their names differ. */
  public ConfigLoader(List<Section> sections) {
    this.sections = List.copyOf(sections);
    for (Section section : sections) {
      for (Key key : section.keys()) {
        keys.put(key.path(), key);
        variables.put(key.variable(), key);
      }
    }
  }

  /**
   * Reads all sources and checks every section.
   *
   * @param file empty: none
   * @param environment the variables of the process; only those of a section are looked at
   * @param assignments {@code section.key=value}, a later one wins
   * @throws ConfigException naming the place, the key and what is allowed
   */
  public Configuration load(
      Optional<Path> file, Map<String, String> environment, List<String> assignments) {
    Map<String, Given> given = new HashMap<>();
    file.ifPresent(path -> readFile(path, given));
    readVariables(environment, given);
    assignments.forEach(assignment -> readAssignment(assignment, given));
    Configuration configuration = new Configuration(sections, given);
    configuration.check();
    return configuration;
  }

  private void readFile(Path file, Map<String, Given> given) {
    TomlParseResult parsed;
    try {
      parsed = Toml.parse(Files.readString(file));
    } catch (IOException e) {
      throw new ConfigException(
          "cannot read the configuration file "
              + file
              + (Files.exists(file) ? ": " + e.getMessage() : ": there is no such file"),
          e);
    }
    if (parsed.hasErrors()) {
      TomlParseError error = parsed.errors().get(0);
      throw new ConfigException(
          file
              + ":"
              + error.position().line()
              + ": not TOML: "
              + error.getMessage().replaceAll("\\s+", " "));
    }
    for (List<String> path : parsed.keyPathSet()) {
      String origin = file + ":" + parsed.inputPositionOf(path).line();
      Key key = known(String.join(".", path), origin);
      given.put(key.path(), new Given(texts(parsed.get(path)), origin));
    }
    for (List<String> path : parsed.keyPathSet(true)) {
      if (parsed.isTable(path)) {
        knownSection(String.join(".", path), file + ":" + parsed.inputPositionOf(path).line());
      }
    }
  }

  /** A section, or what the names of some begin with: [feed.mirror] makes a table feed. */
  private void knownSection(String name, String origin) {
    List<String> names = sections.stream().map(Section::name).toList();
    if (names.stream().noneMatch(each -> each.equals(name) || each.startsWith(name + "."))) {
      throw new ConfigException(
          origin + ": unknown section [" + name + "]; known: " + String.join(", ", names));
    }
  }

  private void readVariables(Map<String, String> environment, Map<String, Given> given) {
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      String name = variable.getKey();
      Key key = variables.get(name);
      if (key != null) {
        given.put(key.path(), textual(key, variable.getValue(), name));
      } else if (sections.stream().anyMatch(each -> name.startsWith(prefix(each)))) {
        throw new ConfigException(
            "unknown variable "
                + name
                + "; nearest known: "
                + NearestName.of(name, variables.keySet()).orElseThrow());
      }
    }
  }

  private static String prefix(Section section) {
    return Key.VARIABLE_PREFIX + section.name().replace('.', '_').toUpperCase(Locale.ROOT) + "_";
  }

  private void readAssignment(String assignment, Map<String, Given> given) {
    int equals = assignment.indexOf('=');
    if (equals <= 0) {
      throw new ConfigException("--set '" + assignment + "'; allowed: section.key=value");
    }
    String origin = "--set";
    Key key = known(assignment.substring(0, equals).trim(), origin);
    given.put(key.path(), textual(key, assignment.substring(equals + 1), origin));
  }

  private static Given textual(Key key, String text, String origin) {
    return new Given(SettingType.of(key.component()).split(text), origin);
  }

  private Key known(String path, String origin) {
    Key key = keys.get(path.replace('_', '-'));
    if (key == null) {
      throw new ConfigException(
          origin
              + ": unknown key "
              + path
              + "; nearest known: "
              + NearestName.of(path, keys.keySet()).orElseThrow());
    }
    return key;
  }

  private static List<String> texts(Object value) {
    if (!(value instanceof TomlArray array)) {
      return List.of(String.valueOf(value));
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      texts.add(String.valueOf(array.get(i)));
    }
    return texts;
  }
}
