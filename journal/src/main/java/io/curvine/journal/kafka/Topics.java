/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import io.curvine.journal.FeedLog;
import io.curvine.journal.JournalLog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The topics of the feed: the journal, and those that show it in another form. Each has one
 * partition, 0, and the journal's offsets. Immutable.
 */
public final class Topics {
  /** All events, in order. */
  public static final String JOURNAL = "curvine.journal";

  /** Changes of the namespace as JSON. */
  public static final String CHANGES = "curvine.changes";

  /** Changes of the namespace as protobuf. */
  public static final String CHANGES_PROTO = "curvine.changes.pb";

  private final JournalLog journal;
  private final Map<String, FeedLog> logs = new LinkedHashMap<>();

  /**
   * @param derived the topics beside the journal
   */
  public Topics(JournalLog journal, Map<String, ? extends FeedLog> derived) {
    this.journal = journal;
    logs.put(JOURNAL, journal);
    logs.putAll(derived);
  }

  /** What all offsets are of. */
  JournalLog journal() {
    return journal;
  }

  List<String> names() {
    return List.copyOf(logs.keySet());
  }

  boolean has(String topic) {
    return logs.containsKey(topic);
  }

  boolean has(String topic, int partition) {
    return partition == 0 && has(topic);
  }

  /** Null where there is none of that name. */
  FeedLog log(String topic) {
    return logs.get(topic);
  }
}
