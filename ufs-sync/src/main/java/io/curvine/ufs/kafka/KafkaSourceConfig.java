/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.kafka;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.OptionValues;
import io.curvine.ufs.change.SourceOptions;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * The options of one Kafka source, read and validated. Immutable.
 *
 * @param fromEarliest where a source without a cursor begins; else at the end
 * @param consumer settings of the consumer
 */
record KafkaSourceConfig(
    String bootstrap, String topic, boolean fromEarliest, Map<String, Object> consumer) {
  static final String BOOTSTRAP = "kafka.bootstrap";
  static final String TOPIC = "kafka.topic";
  static final String PROPERTIES = "kafka.properties";
  static final String START = "kafka.start";

  private static final Pattern TOPIC_NAME = Pattern.compile("[A-Za-z0-9._-]{1,249}");
  private static final int REQUEST_MAX_MS = 10_000;

  /** How soon a new partition is seen. */
  private static final int METADATA_AGE_MAX_MS = 30_000;

  private static final int RECORDS_MAX = 2_000;

  /** What the source itself depends on. */
  private static final List<String> OWNED =
      List.of(
          ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.GROUP_PROTOCOL_CONFIG,
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG);

  KafkaSourceConfig {
    consumer = Map.copyOf(consumer);
  }

  static Map<String, String> documentation() {
    Map<String, String> docs = new LinkedHashMap<>();
    docs.put(BOOTSTRAP, "host:port,... of Kafka brokers. Required.");
    docs.put(TOPIC, "Topic that the store sends its notifications to. Required.");
    docs.put(
        PROPERTIES,
        "Path on the masters of a properties file with further settings of the consumer, such as"
            + " security.protocol and sasl.jaas.config. Default: none.");
    docs.put(
        START, "Where a source begins that has no place yet: latest or earliest. Default: latest.");
    return docs;
  }

  static KafkaSourceConfig parse(Map<String, String> given) throws CurvineException {
    SourceOptions options = new SourceOptions(given);
    String bootstrap = options.required(BOOTSTRAP);
    String topic = options.required(TOPIC);
    if (!TOPIC_NAME.matcher(topic).matches()) {
      throw OptionValues.invalid(TOPIC, topic, "1 to 249 of letters, digits, '.', '_' and '-'");
    }
    boolean earliest = options.choice(START, List.of("latest", "earliest")).equals("earliest");
    Map<String, Object> consumer = new HashMap<>();
    consumer.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MAX_MS);
    consumer.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_MAX_MS);
    consumer.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_AGE_MAX_MS);
    consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_MAX);
    consumer.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    if (!options.text(PROPERTIES).isEmpty()) {
      consumer.putAll(read(options.text(PROPERTIES)));
    }
    consumer.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaSourceConfig(bootstrap, topic, earliest, consumer);
  }

  private static Map<String, String> read(String file) throws CurvineException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(file))) {
      properties.load(reader);
    } catch (IOException | InvalidPathException e) {
      throw unreadable(file, e);
    } catch (IllegalArgumentException e) { // a malformed escape
      throw unreadable(file, e);
    }
    TreeSet<String> owned = new TreeSet<>(properties.stringPropertyNames());
    owned.retainAll(OWNED);
    if (!owned.isEmpty()) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          PROPERTIES
              + " is "
              + file
              + ", which has "
              + owned
              + "; allowed: all but "
              + String.join(", ", OWNED));
    }
    Map<String, String> read = new HashMap<>();
    properties.stringPropertyNames().forEach(name -> read.put(name, properties.getProperty(name)));
    return read;
  }

  private static CurvineException unreadable(String file, Exception cause) {
    return new CurvineException(
        ErrorCode.INVALID_ARGUMENT,
        PROPERTIES + " is " + file + "; allowed: a properties file that can be read: " + cause,
        cause);
  }

  /** For messages. */
  String name() {
    return "kafka topic " + topic + " at " + bootstrap;
  }

  /** Without the settings, which may hold secrets. */
  @Override
  public String toString() {
    return name();
  }
}
