/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.curvine.protocol.proto.Event;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The kinds of events that this version knows, by number and by name. Stateless. */
public final class EventKinds {
  private static final Map<Integer, String> NAMES = new TreeMap<>();

  static {
    for (FieldDescriptor field : fields()) {
      NAMES.put(field.getNumber(), field.getMessageType().getName());
    }
  }

  private EventKinds() {}

  static List<FieldDescriptor> fields() {
    return Event.getDescriptor().getOneofs().get(0).getFields();
  }

  /** Of the event that forms a cluster. */
  static final int CLUSTER_FORMED = Event.CLUSTER_FORMED_FIELD_NUMBER;

  /** Of the event with which a snapshot became a new cluster. */
  static final int CLUSTER_RESTORED = Event.CLUSTER_RESTORED_FIELD_NUMBER;

  /** The name of a kind: {@code EntryRenamed}; {@code Unknown(57)} where this version has none. */
  public static String name(int kind) {
    String known = NAMES.get(kind);
    return known == null ? "Unknown(" + kind + ")" : known;
  }

  /** The name of an event's kind. */
  public static String name(Event event) {
    int kind = event.getEventCase().getNumber();
    if (kind != 0) {
      return name(kind);
    }
    return event.getUnknownFields().asMap().keySet().stream()
        .filter(EventKinds::canBeKind)
        .findFirst()
        .map(EventKinds::name)
        .orElse("None");
  }

  /** Whether a field of an event with that number is its kind. */
  static boolean canBeKind(int fieldNumber) {
    return fieldNumber >= Event.LEADERSHIP_CLAIMED_FIELD_NUMBER;
  }

  static boolean known(int kind) {
    return NAMES.containsKey(kind);
  }

  /** All names. */
  public static List<String> names() {
    return NAMES.values().stream().sorted().toList();
  }

  /** What is wrong with a kind that this version does not know. */
  static String unknown(int kind, long offset) {
    int newest = NAMES.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
    if (kind > newest) {
      return "an event from a newer version: kind "
          + kind
          + " at offset "
          + offset
          + ", this version knows up to "
          + newest;
    }
    return "an event of a kind that was given up: " + kind + " at offset " + offset;
  }
}
