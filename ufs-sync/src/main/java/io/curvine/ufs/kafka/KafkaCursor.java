/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.kafka;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.change.ChangeBatch;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The places in a topic as text: {@code topic@partition:offset,...}, where each offset is the next
 * one to read. The topic is in it so that the places in one are never taken for those in another.
 * Pure.
 */
final class KafkaCursor {
  private static final Pattern CURSOR = Pattern.compile("([^@]+)@((?:\\d{1,9}:\\d{1,18},?)*)");

  private KafkaCursor() {}

  /** The places in that topic; empty where the text has none. */
  static Optional<SortedMap<Integer, Long>> parse(String topic, String text) {
    Matcher matcher = CURSOR.matcher(text);
    if (!matcher.matches() || !matcher.group(1).equals(topic)) {
      return Optional.empty();
    }
    SortedMap<Integer, Long> places = new TreeMap<>();
    for (String place : matcher.group(2).split(",")) {
      int colon = place.indexOf(':');
      if (colon > 0) {
        places.put(
            Integer.valueOf(place.substring(0, colon)), Long.valueOf(place.substring(colon + 1)));
      }
    }
    return Optional.of(places);
  }

  /**
   * @throws CurvineException UNSUPPORTED where a topic has more partitions than a cursor can hold,
   *     some hundreds
   */
  static String format(String topic, SortedMap<Integer, Long> places) throws CurvineException {
    String text =
        places.entrySet().stream()
            .map((Map.Entry<Integer, Long> place) -> place.getKey() + ":" + place.getValue())
            .collect(Collectors.joining(",", topic + "@", ""));
    if (text.length() > ChangeBatch.CURSOR_MAX_CHARACTERS) {
      throw new CurvineException(
          ErrorCode.UNSUPPORTED,
          "kafka topic "
              + topic
              + " has "
              + places.size()
              + " partitions; allowed: as many as have their offsets in "
              + ChangeBatch.CURSOR_MAX_CHARACTERS
              + " characters");
    }
    return text;
  }
}
