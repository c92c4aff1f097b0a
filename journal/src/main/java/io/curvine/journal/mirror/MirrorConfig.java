/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import io.curvine.protocol.config.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which topics of the feed are copied into a Kafka cluster. Immutable. */
public record MirrorConfig(
    @Setting(
            value = "",
            doc = "Brokers of the Kafka cluster, each host:port; none: nothing is copied.")
        List<String> bootstrapServers,
    @Setting(
            value = "curvine.journal,curvine.changes",
            doc =
                "Topics of the feed that are copied: curvine.journal, curvine.changes, curvine.changes.pb.")
        List<String> topics,
    @Setting(
            value = "",
            doc =
                "What the names of the copies begin with, before the topic's own name; letters, digits,"
                    + " '.', '_', '-'.")
        String topicPrefix,
    @Setting(
            value = "",
            doc =
                "Settings of Kafka's clients, each key=value, such as security.protocol=SSL; those that"
                    + " make the copy exact cannot be set.")
        List<String> properties,
    @Setting(
            value = "false",
            doc =
                "Go on behind events that the journal no longer has, where the copy is so far behind;"
                    + " otherwise it stands still and says so.")
        boolean skipLost) {
  private static final String PREFIX = "[A-Za-z0-9._-]{0,100}";

  public MirrorConfig {
    bootstrapServers = List.copyOf(bootstrapServers);
    topics = List.copyOf(topics);
    properties = List.copyOf(properties);
    if (!topicPrefix.matches(PREFIX)) {
      throw new IllegalArgumentException(
          "topic_prefix is '"
              + topicPrefix
              + "'; allowed: up to 100 letters, digits, '.', '_', '-'");
    }
    if (!bootstrapServers.isEmpty() && topics.isEmpty()) {
      throw new IllegalArgumentException(
          "topics is empty; allowed: at least one topic of the feed");
    }
    List<String> owned = new ArrayList<>(parse(properties).keySet());
    owned.retainAll(MirrorClients.OWNED);
    if (!owned.isEmpty()) {
      throw new IllegalArgumentException(
          "properties has " + owned + "; allowed: any but those that make the copy exact");
    }
  }

  /** Nothing is copied. */
  public static MirrorConfig defaults() {
    return new MirrorConfig(
        List.of(), List.of("curvine.journal", "curvine.changes"), "", List.of(), false);
  }

  /** Whether anything is copied. */
  public boolean enabled() {
    return !bootstrapServers.isEmpty();
  }

  /** The properties as a map. */
  Map<String, String> clientProperties() {
    return parse(properties);
  }

  private static Map<String, String> parse(List<String> properties) {
    Map<String, String> parsed = new TreeMap<>();
    for (String each : properties) {
      int equals = each.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("properties has '" + each + "'; allowed: key=value");
      }
      parsed.put(each.substring(0, equals).trim(), each.substring(equals + 1).trim());
    }
    return parsed;
  }
}
