/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.policy;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.curvine.cli.config.Units;
import io.curvine.protocol.proto.Policy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A field of a policy as people type and read it. */
enum PolicyField {
  PIN("pin", Policy.PINNED_FIELD_NUMBER, ""),
  TTL("ttl", Policy.TTL_MS_FIELD_NUMBER, ""),
  TTL_ACTION("ttl-action", Policy.TTL_ACTION_FIELD_NUMBER, "TTL_"),
  TIER("tier", Policy.TIER_FIELD_NUMBER, ""),
  ADMISSION("admission", Policy.ADMISSION_FIELD_NUMBER, "ADMIT_"),
  WHOLE_FILES("whole-files", Policy.WHOLE_FILES_FIELD_NUMBER, ""),
  MIN_REPLICAS("min-replicas", Policy.MIN_REPLICAS_FIELD_NUMBER, ""),
  MAX_REPLICAS("max-replicas", Policy.MAX_REPLICAS_FIELD_NUMBER, ""),
  TRASH("trash", Policy.TRASH_MS_FIELD_NUMBER, "");

  private static final String NONE = "none";
  private static final String YES = "yes";
  private static final String NO = "no";
  private static final String ANY_TIER = "any";

  private final String word;
  private final FieldDescriptor field;
  private final String prefix;

  /**
   * A field.
   *
   * @param prefix of an enum's constants, which people do not type
   */
  PolicyField(String word, int number, String prefix) {
    this.word = word;
    this.field = Policy.getDescriptor().findFieldByNumber(number);
    this.prefix = prefix;
  }

  /** As it is named for people. */
  String word() {
    return word;
  }

  FieldDescriptor field() {
    return field;
  }

  boolean isIn(Policy policy) {
    return policy.hasField(field);
  }

  /** The default has it too. */
  String text(Policy policy) {
    Object value = policy.getField(field);
    return switch (field.getJavaType()) {
      case BOOLEAN -> (boolean) value ? YES : NO;
      case LONG -> (long) value == 0 ? NONE : duration((long) value);
      case ENUM -> word((EnumValueDescriptor) value);
      default -> (int) value == 0 ? NONE : String.valueOf(value);
    };
  }

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException where it cannot be meant
   */
  Object value(String text) {
    return switch (field.getJavaType()) {
      case BOOLEAN -> yes(text);
      case LONG -> text.equals(NONE) ? 0L : Units.duration(text).toMillis();
      case ENUM -> constant(text);
      default -> text.equals(NONE) ? 0 : count(text);
    };
  }

  private static boolean yes(String text) {
    if (!text.equals(YES) && !text.equals(NO)) {
      throw new IllegalArgumentException("'" + text + "'; allowed: " + YES + ", " + NO);
    }
    return text.equals(YES);
  }

  private static int count(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a whole number; allowed: such a number, " + NONE, e);
    }
  }

  private String word(EnumValueDescriptor constant) {
    return constant.getName().equals("TIER_UNSPECIFIED")
        ? ANY_TIER
        : constant.getName().replaceFirst(prefix, "").toLowerCase(Locale.ROOT);
  }

  private EnumValueDescriptor constant(String text) {
    List<EnumValueDescriptor> constants = field.getEnumType().getValues();
    return constants.stream()
        .filter(each -> word(each).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + text
                        + "'; allowed: "
                        + constants.stream().map(this::word).collect(Collectors.joining(", "))));
  }

  private static String duration(long millis) {
    TimeUnit[] units = {
      TimeUnit.DAYS, TimeUnit.HOURS, TimeUnit.MINUTES, TimeUnit.SECONDS, TimeUnit.MILLISECONDS
    };
    String[] names = {"d", "h", "m", "s", "ms"};
    int whole = 0;
    while (millis % units[whole].toMillis(1) != 0) {
      whole++;
    }
    return millis / units[whole].toMillis(1) + names[whole];
  }

  /** Those that a policy has, as they are typed. */
  static String summary(Policy policy) {
    return Arrays.stream(values())
        .filter(each -> each.isIn(policy))
        .map(each -> each.word + "=" + each.text(policy))
        .collect(Collectors.joining(" "));
  }
}
