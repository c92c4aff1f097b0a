/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.harness;

import io.curvine.journal.broker.KafkaBroker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

/** A Kafka topic that a store's notifications go to. Thread-safe; the broker stays the caller's. */
public final class EventTopic implements AutoCloseable {
  private final String broker;
  private final String name;
  private final int partitions;
  private final KafkaProducer<String, String> producer;

  private EventTopic(KafkaBroker broker, String name, int partitions) {
    this.broker = broker.address().toString();
    this.name = name;
    this.partitions = partitions;
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", this.broker);
    this.producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  /** Makes it. */
  public static EventTopic make(KafkaBroker broker, String name, int partitions) {
    EventTopic topic = new EventTopic(broker, name, partitions);
    try (Admin admin = topic.admin()) {
      NewTopic made = new NewTopic(name, partitions, (short) 1);
      var unused = await(admin.createTopics(List.of(made)).all());
    } catch (RuntimeException e) {
      topic.close();
      throw e;
    }
    return topic;
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", broker));
  }

  /** What a mount's source {@code kafka} needs to follow it. */
  public Map<String, String> options() {
    return Map.of("kafka.bootstrap", broker, "kafka.topic", name);
  }

  /** Returns when the broker has it: a broker that is away is waited for. */
  public void send(String event) {
    var unused = await(producer.send(new ProducerRecord<>(name, event)));
  }

  /** Takes all events away that are there now, read or not, as its retention does. */
  public void deleteAll() {
    Map<TopicPartition, RecordsToDelete> all =
        IntStream.range(0, partitions)
            .mapToObj(partition -> new TopicPartition(name, partition))
            .collect(Collectors.toMap(each -> each, each -> RecordsToDelete.beforeOffset(-1)));
    try (Admin admin = admin()) {
      var unused = await(admin.deleteRecords(all).all());
    }
  }

  private static <T> T await(Future<T> done) {
    try {
      return done.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the broker was asked", e);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
