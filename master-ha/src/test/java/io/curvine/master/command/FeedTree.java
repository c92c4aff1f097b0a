/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.journal.EventSlice;
import io.curvine.journal.JournalLog;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The namespace as somebody has it who reads the journal, and of each event only its subject. */
final class FeedTree {
  private static final int READ_BYTES = 1 << 20;

  private final NavigableMap<String, Character> entries = new TreeMap<>();
  private long next;

  /** Reads what the journal has beyond what was read. */
  void follow(JournalLog journal) throws IOException {
    while (next < journal.nextOffset()) {
      EventSlice slice = journal.read(next, READ_BYTES);
      slice.events().forEach(this::follow);
      next = slice.nextOffset();
    }
  }

  NavigableMap<String, Character> entries() {
    return entries;
  }

  private void follow(Event event) {
    String path = event.getSubject().getPath().toStringUtf8();
    switch (event.getEventCase()) {
      case DIRECTORY_MADE, FILE_CREATED, SPECIAL_MADE -> {
        if (entries.put(path, kind(event.getSubject().getType())) != null) {
          throw new AssertionError(path + " was made twice");
        }
      }
      case ENTRY_DELETED -> {
        if (entries.remove(path) == null) {
          throw new AssertionError(path + " was deleted and is not there");
        }
        take(path);
      }
      case ENTRY_RENAMED -> {
        String from = event.getSubject().getOldPath().toStringUtf8();
        Character moved = entries.remove(from);
        if (moved == null) {
          throw new AssertionError(from + " was renamed and is not there");
        }
        Map<String, Character> below = take(from);
        entries.put(path, moved);
        below.forEach((rest, kind) -> entries.put(path + rest, kind));
      }
      default -> {}
    }
  }

  private static char kind(InodeType type) {
    return switch (type) {
      case DIRECTORY -> 'd';
      case SPECIAL -> 's';
      default -> 'f';
    };
  }

  /** Takes away all below a path, and gives it by what follows the path. */
  private Map<String, Character> take(String path) {
    Map<String, Character> below = new TreeMap<>();
    for (String each : new ArrayList<>(entries.subMap(path + "/", path + "0").keySet())) {
      below.put(each.substring(path.length()), entries.remove(each));
    }
    return below;
  }
}
