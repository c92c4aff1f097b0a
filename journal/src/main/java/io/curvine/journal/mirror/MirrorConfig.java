/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import static io.curvine.protocol.config.Allowed.check;
import static io.curvine.protocol.config.Allowed.range;

import io.curvine.journal.kafka.Topics;
import io.curvine.protocol.config.Setting;
import io.curvine.protocol.net.HostPort;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which topics of the feed are copied into a Kafka cluster, and how; the section {@code
 * [feed.mirror]}. Immutable. The compact constructor refuses what is out of range with a message
 * that names the key and what is allowed.
 */
public record MirrorConfig(
    @Setting(
            value = "",
            doc = "Brokers of the Kafka cluster that gets the copies; empty: nothing is copied.")
        List<HostPort> bootstrapServers,
    @Setting(
            value = "curvine.journal,curvine.changes",
            doc =
                "Topics of the feed that are copied: curvine.journal, curvine.changes,"
                    + " curvine.changes.pb; each may have the name of its copy: curvine.changes=fs.events.")
        List<String> topics,
    @Setting(
            value = "",
            doc =
                "What the names of copies begin with that topics gives no name; up to 100 letters,"
                    + " digits, '.', '_', '-'.")
        String topicPrefix,
    @Setting(
            value = "",
            doc =
                "The consumer group that keeps the place there, and, with '-' and a copy's name behind"
                    + " it, the name of its transactions. The same on all masters; empty:"
                    + " curvine-mirror- and the cluster's id.")
        String transactionalId,
    @Setting(
            value = "1MiB",
            bytes = true,
            doc =
                "What one transaction copies, and about what a topic's copy holds in memory;"
                    + " 16KiB to 16MiB.")
        long batchBytes,
    @Setting(
            value = "20ms",
            doc = "How far apart transactions begin while less than that waits; 0s to 10s.")
        Duration linger,
    @Setting(
            value = "0B",
            bytes = true,
            doc =
                "How fast all topics together are copied, in bytes a second; 0B (no limit), or 64KiB"
                    + " to 1TiB.")
        long rate,
    @Setting(
            value = "stop",
            doc =
                "Where the journal no longer has what the copy lacks: stop, and say so until a copy"
                    + " begins anew; or skip what is lost.")
        OnGap onGap,
    @Setting(
            value = "",
            doc =
                "A properties file on each master with more settings of Kafka's clients, such as"
                    + " security.protocol and sasl.jaas.config; empty: none.")
        String propertiesFile) {
  private static final List<String> ALLOWED =
      List.of(Topics.JOURNAL, Topics.CHANGES, Topics.CHANGES_PROTO);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,249}");
  private static final String NAME_ALLOWED = "up to 249 letters, digits, '.', '_', '-'";
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._-]{0,100}");

  /** What happens where events are lost to a copy. */
  public enum OnGap {
    /** Nothing is copied until somebody has decided. */
    STOP,
    /** It goes on with what there is. */
    SKIP
  }

  public MirrorConfig {
    bootstrapServers = List.copyOf(bootstrapServers);
    topics = List.copyOf(topics);
    check(
        PREFIX.matcher(topicPrefix).matches(),
        "topic_prefix",
        "'" + topicPrefix + "'",
        "up to 100 letters, digits, '.', '_', '-'");
    check(
        transactionalId.isEmpty() || NAME.matcher(transactionalId).matches(),
        "transactional_id",
        "'" + transactionalId + "'",
        NAME_ALLOWED);
    range("batch_bytes", batchBytes, 16 << 10, 16 << 20);
    range("linger", linger, Duration.ZERO, Duration.ofSeconds(10));
    check(
        rate == 0 || (rate >= 64 << 10 && rate <= 1L << 40),
        "rate",
        rate,
        "0 (no limit), or 65536 to 1099511627776");
    Map<String, String> copies = parse(topics, topicPrefix);
    check(!copies.isEmpty(), "topics", topics, "at least one of " + String.join(", ", ALLOWED));
  }

  /** Nothing is copied. */
  public static MirrorConfig off() {
    return to(List.of(), List.of(Topics.JOURNAL, Topics.CHANGES));
  }

  /** These topics into that cluster, all else as it is by default. */
  public static MirrorConfig to(List<HostPort> bootstrapServers, List<String> topics) {
    return new MirrorConfig(
        bootstrapServers, topics, "", "", 1 << 20, Duration.ofMillis(20), 0, OnGap.STOP, "");
  }

  /** The same with another answer to a gap. */
  MirrorConfig withOnGap(OnGap other) {
    return new MirrorConfig(
        bootstrapServers,
        topics,
        topicPrefix,
        transactionalId,
        batchBytes,
        linger,
        rate,
        other,
        propertiesFile);
  }

  /** Whether anything is copied. */
  public boolean enabled() {
    return !bootstrapServers.isEmpty();
  }

  /** The name of the copy by topic, in the order given. */
  Map<String, String> copies() {
    return parse(topics, topicPrefix);
  }

  private static Map<String, String> parse(List<String> topics, String prefix) {
    Map<String, String> copies = new LinkedHashMap<>();
    for (String each : topics) {
      int equals = each.indexOf('=');
      String topic = equals < 0 ? each : each.substring(0, equals).trim();
      String copy = equals < 0 ? prefix + topic : each.substring(equals + 1).trim();
      check(ALLOWED.contains(topic), "topics", each, "one of " + String.join(", ", ALLOWED));
      boolean right = NAME.matcher(copy).matches() && !copy.equals(".") && !copy.equals("..");
      check(right, "topics", each, "TOPIC=COPY with a copy of " + NAME_ALLOWED);
      check(
          !copies.containsKey(topic) && !copies.containsValue(copy),
          "topics",
          topics,
          "each topic and each copy once");
      copies.put(topic, copy);
    }
    return copies;
  }
}
