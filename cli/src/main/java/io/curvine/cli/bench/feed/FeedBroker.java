/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.feed;

import io.curvine.cli.CliException;
import io.curvine.journal.broker.KafkaBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A real broker of Kafka, to compare with: the options of its own start script. */
public final class FeedBroker implements AutoCloseable {
  private static final List<String> JVM =
      List.of("-server", "-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20");

  private final KafkaBroker broker;

  private FeedBroker(KafkaBroker broker) {
    this.broker = broker;
  }

  /** Starts it, with its data below a directory. */
  public static FeedBroker start(Path parent) throws IOException {
    return new FeedBroker(KafkaBroker.start(parent, JVM));
  }

  /** Where it serves. */
  public String bootstrap() {
    return broker.address().toString();
  }

  /** Of one partition. */
  public void makeTopic(String topic) throws IOException, InterruptedException {
    Map<String, Object> config = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap());
    try (Admin admin = Admin.create(config)) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IOException("cannot make topic " + topic, e.getCause());
    }
  }

  /** Writes records one at a time, as soon as they are given. */
  public static final class Writing implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;

    private Writing(KafkaProducer<byte[], byte[]> producer, String topic) {
      this.producer = producer;
      this.topic = topic;
    }

    /** Writes one; {@code done} is told when the broker has it. */
    public void write(String key, byte[] value, FeedDelay.Done done) {
      producer.send(
          new ProducerRecord<>(topic, 0, key.getBytes(StandardCharsets.UTF_8), value),
          (result, failure) -> done.acknowledged(key, failure == null));
    }

    @Override
    public void close() {
      producer.close();
    }
  }

  /** Begins to write to a topic. */
  public Writing write(String topic) {
    return new Writing(producer(Map.of(ProducerConfig.LINGER_MS_CONFIG, 0)), topic);
  }

  private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap());
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Puts the same records there, with their times and headers. */
  public void copy(String from, String topic) throws IOException, InterruptedException {
    makeTopic(topic);
    AtomicReference<Exception> failed = new AtomicReference<>();
    Map<String, Object> batches =
        Map.of(ProducerConfig.BATCH_SIZE_CONFIG, 1 << 20, ProducerConfig.LINGER_MS_CONFIG, 20);
    try (KafkaProducer<byte[], byte[]> producer = producer(batches)) {
      FeedReader.readAll(
          from,
          topic,
          read ->
              producer.send(
                  new ProducerRecord<>(
                      topic, 0, read.timestamp(), read.key(), read.value(), read.headers()),
                  (done, failure) -> {
                    if (failure != null) {
                      failed.compareAndSet(null, failure);
                    }
                  }));
      producer.flush();
    }
    if (failed.get() != null) {
      throw new CliException("the broker did not take a record of " + topic, failed.get());
    }
  }

  @Override
  public void close() throws IOException {
    broker.close();
  }
}
