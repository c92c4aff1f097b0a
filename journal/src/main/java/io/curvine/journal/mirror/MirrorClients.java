/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka's clients as a mirror uses them. Immutable. */
final class MirrorClients {
  /** The largest event; a topic that the mirror makes takes it, whatever its broker's default. */
  static final int RECORD_MAX_BYTES = 33 << 20;

  /** What makes the copy exact, and what the mirror itself says. */
  private static final List<String> OWNED =
      List.of(
          CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
          CommonClientConfigs.CLIENT_ID_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          ProducerConfig.ACKS_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.GROUP_PROTOCOL_CONFIG);

  private static final int BATCH_BYTES = 256 << 10;
  private static final int FETCH_BYTES = 1 << 20;
  private static final int REQUEST_MAX_MS = 10_000;
  private static final int CALL_MAX_MS = 20_000;
  private static final int TRANSACTION_MAX_MS = 30_000;

  private final Map<String, Object> common;
  private final int bufferBytes;

  private MirrorClients(Map<String, Object> common, int bufferBytes) {
    this.common = common;
    this.bufferBytes = bufferBytes;
  }

  /**
   * With what the configuration and its properties file say.
   *
   * @throws IOException where that file cannot be read or has a setting that is the mirror's own
   */
  static MirrorClients open(MirrorConfig config) throws IOException {
    Map<String, Object> common = new HashMap<>();
    common.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MAX_MS);
    common.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, CALL_MAX_MS);
    common.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    if (config.enabled() && !config.propertiesFile().isEmpty()) {
      common.putAll(read(Path.of(config.propertiesFile())));
    }
    common.put(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
        config.bootstrapServers().stream().map(Object::toString).collect(Collectors.joining(",")));
    int buffer = RECORD_MAX_BYTES + Math.toIntExact(config.batchBytes());
    return new MirrorClients(common, buffer);
  }

  private static Map<String, Object> read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("feed.mirror.properties-file is " + file + ": cannot read it: " + e, e);
    }
    TreeSet<String> owned = new TreeSet<>(properties.stringPropertyNames());
    owned.retainAll(OWNED);
    if (!owned.isEmpty()) {
      throw new IOException(
          "feed.mirror.properties-file is "
              + file
              + ", which has "
              + owned
              + "; allowed: all but "
              + String.join(", ", OWNED));
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(name -> name, properties::getProperty));
  }

  /** Of transactions under a name. Once they are initialised, no other has any under it. */
  KafkaProducer<byte[], byte[]> producer(String transactionalId) {
    Map<String, Object> properties = of(transactionalId);
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    properties.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MAX_MS);
    properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, CALL_MAX_MS);
    properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, CALL_MAX_MS);
    properties.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, bufferBytes);
    properties.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RECORD_MAX_BYTES);
    properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Sees what is in the copy for good, and the places of a group. */
  KafkaConsumer<byte[], byte[]> consumer(String group) {
    Map<String, Object> properties = of(group);
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  Admin admin(String name) {
    return Admin.create(of(name));
  }

  private Map<String, Object> of(String name) {
    Map<String, Object> properties = new HashMap<>(common);
    properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, name);
    return properties;
  }
}
