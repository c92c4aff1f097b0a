/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.config;

import io.curvine.protocol.config.Setting;
import io.curvine.protocol.net.HostPort;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How the text of a setting becomes a value of one type. Immutable.
 *
 * @param allowed what may be written, for people
 * @param quoted it is a string in the file
 * @param list several values: an array in the file, comma-separated elsewhere
 */
record SettingType(
    String allowed,
    boolean quoted,
    boolean list,
    boolean acceptsEmpty,
    Function<String, Object> one) {

  static SettingType of(RecordComponent component) {
    boolean bytes =
        component.isAnnotationPresent(Setting.class)
            && component.getAnnotation(Setting.class).bytes();
    return of(component.getGenericType(), bytes);
  }

  /** The values of a list, or the one value. */
  Object parse(List<String> texts) {
    if (!list) {
      if (texts.size() != 1) {
        throw new IllegalArgumentException("a list of " + texts.size() + " values");
      }
      return one.apply(texts.get(0).trim());
    }
    return texts.stream().map(String::trim).filter(text -> !text.isEmpty()).map(one).toList();
  }

  /** Text of a variable, a flag or a default as the values that it holds. */
  List<String> split(String text) {
    return list ? Arrays.asList(text.split(",", -1)) : List.of(text);
  }

  /** A value as it is written in the file. */
  String toml(String text) {
    if (!list) {
      return quote(text);
    }
    return split(text).stream()
        .map(String::trim)
        .filter(each -> !each.isEmpty())
        .map(this::quote)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private String quote(String text) {
    return quoted ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"' : text;
  }

  private static SettingType of(Type type, boolean bytes) {
    if (type instanceof ParameterizedType several && several.getRawType() == List.class) {
      SettingType element = of(several.getActualTypeArguments()[0], bytes);
      return new SettingType(
          "a list, each " + element.allowed, element.quoted, true, true, element.one);
    }
    if (bytes) {
      Function<String, Object> parse =
          type == int.class ? text -> Math.toIntExact(Units.bytes(text)) : Units::bytes;
      return single("a size such as 0, 4KiB, 64MiB, 2GiB, 1TiB", true, parse);
    }
    if (type instanceof Class<?> plain) {
      return plain.isEnum() ? ofEnum(plain) : ofClass(plain);
    }
    throw new IllegalArgumentException("no setting can have the type " + type);
  }

  private static SettingType ofClass(Class<?> type) {
    if (type == int.class) {
      return single("a whole number", false, Integer::valueOf);
    }
    if (type == long.class) {
      return single("a whole number", false, Long::valueOf);
    }
    if (type == double.class) {
      return single("a number", false, Double::valueOf);
    }
    if (type == boolean.class) {
      return single("true or false", false, SettingType::parseBoolean);
    }
    if (type == String.class) {
      return new SettingType("text", true, false, true, text -> text);
    }
    if (type == Duration.class) {
      return single("a duration such as 500ms, 30s, 5m, 2h, 7d", true, Units::duration);
    }
    if (type == Path.class) {
      return single("a path", true, Path::of);
    }
    if (type == HostPort.class) {
      return single("host:port", true, HostPort::parse);
    }
    throw new IllegalArgumentException("no setting can have the type " + type);
  }

  private static SettingType ofEnum(Class<?> type) {
    String names =
        Arrays.stream(type.getEnumConstants())
            .map(SettingType::name)
            .collect(Collectors.joining(", "));
    return single(
        "one of " + names,
        true,
        text ->
            Arrays.stream(type.getEnumConstants())
                .filter(constant -> name(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not " + names)));
  }

  private static String name(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Object parseBoolean(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is not true or false");
    };
  }

  private static SettingType single(String allowed, boolean quoted, Function<String, Object> one) {
    return new SettingType(allowed, quoted, false, false, one);
  }
}
