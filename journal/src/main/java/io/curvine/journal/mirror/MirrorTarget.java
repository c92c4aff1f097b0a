/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.curvine.journal.mirror.MirrorProgress.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copy of a topic in the other cluster: made where it is missing, and how far it is. Two things
 * there say that (ADR 024): the newest record's headers, and the place that the same transaction
 * left with a consumer group. The place also counts events that the topic does not show, and stays
 * where the other cluster has dropped the records; the record stays where the place has expired.
 */
final class MirrorTarget {
  private static final Logger LOG = LoggerFactory.getLogger(MirrorTarget.class);

  /** A record's header with the offset that it has in the journal, 8 bytes, big-endian. */
  private static final String OFFSET_HEADER = "curvine.offset";

  /** A record's header with the id of the cluster that it was copied from. */
  private static final String CLUSTER_HEADER = "curvine.cluster";

  private static final long NONE = -1;
  private static final long WINDOW_FIRST = 64;
  private static final Duration READ_MAX = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(500);

  private final MirrorClients clients;
  private final String clusterId;
  private final TopicPartition partition;
  private final String group;
  private final LostMark lostMark;

  /** Of the topic that was asked last: a place that was kept of another one of its name is none. */
  private Uuid topicId = Uuid.ZERO_UUID;

  /**
   * @param group keeps the place
   * @param transactionalId of the producer
   * @param producer has its transactions initialised
   */
  MirrorTarget(
      MirrorClients clients,
      String clusterId,
      String copy,
      String group,
      String transactionalId,
      KafkaProducer<byte[], byte[]> producer) {
    this.clients = clients;
    this.clusterId = clusterId;
    this.partition = new TopicPartition(copy, 0);
    this.group = group;
    this.lostMark = new LostMark(partition, transactionalId, producer);
  }

  /**
   * How far a copy is.
   *
   * @param nextOffset all below it is in the copy for good; -1: nothing was ever copied
   * @param lastOffset of the newest record that was copied; -1: there is none
   * @param lost something was copied, and how far that went is not kept any more
   * @param group keeps the place
   */
  record Place(long nextOffset, long lastOffset, boolean lost, ConsumerGroupMetadata group) {}

  /** With what a transaction leaves in the group beside its records. */
  Map<TopicPartition, OffsetAndMetadata> kept(long nextOffset, long lastOffset) {
    return Map.of(partition, new OffsetAndMetadata(nextOffset, noted(lastOffset)));
  }

  private String noted(long lastOffset) {
    return topicId + " " + lastOffset;
  }

  /** Marks a record as this cluster's. */
  void mark(Headers headers, long offset) {
    headers.add(OFFSET_HEADER, ByteBuffer.allocate(Long.BYTES).putLong(offset).array());
    headers.add(CLUSTER_HEADER, clusterId.getBytes(UTF_8));
  }

  /**
   * Asks the other cluster; no former producer of the mirror's has a transaction under way any
   * more.
   *
   * @throws MirrorHaltException where the topic is no copy of this cluster's
   */
  Place place() throws IOException, InterruptedException {
    try (Admin admin = clients.admin(group);
        KafkaConsumer<byte[], byte[]> consumer = clients.consumer(group)) {
      Optional<TopicDescription> topic = describe(admin);
      topicId = topic.isPresent() ? require(topic.get()) : create(admin);
      boolean aborted = !isStable(admin) && endLost(admin, consumer.groupMetadata());
      consumer.assign(Set.of(partition));
      long last = lastOffset(consumer);
      boolean dropped = consumer.beginningOffsets(Set.of(partition)).get(partition) > 0;
      long next = nextOffset(kept(consumer), last, aborted || !dropped);
      return new Place(next, last, next == NONE && dropped, consumer.groupMetadata());
    }
  }

  private OffsetAndMetadata kept(KafkaConsumer<byte[], byte[]> consumer) throws IOException {
    try {
      return consumer.committed(Set.of(partition)).get(partition);
    } catch (TimeoutException e) {
      // It is also what a place says whose transaction has no end.
      lostMark.end(consumer.groupMetadata());
      throw new IOException("cannot read the place of " + partition.topic() + " in " + group, e);
    }
  }

  /**
   * @param all where the topic has no records, none was dropped but those that were aborted
   */
  private long nextOffset(OffsetAndMetadata kept, long last, boolean all) {
    if (kept == null || !kept.metadata().startsWith(topicId + " ")) {
      return last == NONE ? NONE : last + 1;
    }
    if (kept.metadata().equals(noted(last))) {
      return kept.offset();
    }
    if (last == NONE) {
      return all ? NONE : kept.offset();
    }
    // An unclean election there can lose records and not the place: the records are what counts.
    LOG.warn(
        "the newest record of {} is of offset {}, its place was kept after {}: copies from there",
        partition.topic(),
        last,
        kept.metadata());
    return last + 1;
  }

  private long lastOffset(KafkaConsumer<byte[], byte[]> consumer) throws IOException {
    long begin = consumer.beginningOffsets(Set.of(partition)).get(partition);
    long end = consumer.endOffsets(Set.of(partition)).get(partition);
    // The newest places may be marks of transactions, which are no records: looks further back.
    for (long window = WINDOW_FIRST; end > begin; window *= 2) {
      long from = Math.max(begin, end - window);
      Optional<ConsumerRecord<byte[], byte[]>> found = lastOf(consumer, from, end);
      if (found.isPresent()) {
        return sourceOffset(found.get());
      }
      end = from;
    }
    return NONE;
  }

  private Optional<ConsumerRecord<byte[], byte[]>> lastOf(
      KafkaConsumer<byte[], byte[]> consumer, long from, long to) throws IOException {
    consumer.seek(partition, from);
    ConsumerRecord<byte[], byte[]> last = null;
    long deadline = System.nanoTime() + READ_MAX.toNanos();
    while (consumer.position(partition) < to) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        last = record.offset() < to ? record : last;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new IOException(partition + " cannot be read from offset " + from);
      }
    }
    return Optional.ofNullable(last);
  }

  private long sourceOffset(ConsumerRecord<byte[], byte[]> record) throws MirrorHaltException {
    Header offset = record.headers().lastHeader(OFFSET_HEADER);
    Header cluster = record.headers().lastHeader(CLUSTER_HEADER);
    if (offset == null || cluster == null || offset.value().length != Long.BYTES) {
      throw refused(
          "its record at offset "
              + record.offset()
              + " is no copy of an event; allowed: a topic that nobody else writes");
    }
    String other = new String(cluster.value(), UTF_8);
    if (!other.equals(clusterId)) {
      throw refused(
          "it is a copy of cluster "
              + other
              + "; allowed: a topic of this cluster's own, "
              + clusterId);
    }
    return ByteBuffer.wrap(offset.value()).getLong();
  }

  private MirrorHaltException refused(String why) {
    return new MirrorHaltException(
        State.REFUSED, "topic " + partition.topic() + " is not written: " + why);
  }

  private Uuid require(TopicDescription topic) throws MirrorHaltException {
    int partitions = topic.partitions().size();
    if (partitions != 1) {
      throw refused("it has " + partitions + " partitions; allowed: 1");
    }
    return topic.topicId();
  }

  private boolean isStable(Admin admin) throws IOException, InterruptedException {
    return end(admin, IsolationLevel.READ_COMMITTED) >= end(admin, IsolationLevel.READ_UNCOMMITTED);
  }

  /** Ends the mirror's own open transaction; one of somebody else's is a failure. */
  private boolean endLost(Admin admin, ConsumerGroupMetadata places)
      throws IOException, InterruptedException {
    boolean found = lostMark.isIn(admin);
    if (found) {
      lostMark.end(places);
    }
    if (!isStable(admin)) {
      // Under another name than the mirror's: it may yet commit what would be copied twice.
      throw new IOException(
          "another producer has a transaction under way in topic " + partition.topic());
    }
    return found;
  }

  private Optional<TopicDescription> describe(Admin admin)
      throws IOException, InterruptedException {
    try {
      String name = partition.topic();
      return Optional.of(admin.describeTopics(List.of(name)).allTopicNames().get().get(name));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw new IOException("cannot look at topic " + partition.topic(), e.getCause());
    }
  }

  /** With as many replicas and for as long as the other cluster gives by itself. */
  private Uuid create(Admin admin) throws IOException, InterruptedException {
    NewTopic topic =
        new NewTopic(partition.topic(), Optional.of(1), Optional.empty())
            .configs(
                Map.of(
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    Integer.toString(MirrorClients.RECORD_MAX_BYTES)));
    try {
      Uuid id = admin.createTopics(List.of(topic)).topicId(partition.topic()).get();
      LOG.info("made topic {} for a copy", partition.topic());
      return id;
    } catch (ExecutionException e) {
      throw new IOException("cannot make topic " + partition.topic(), e.getCause());
    }
  }

  private long end(Admin admin, IsolationLevel isolation) throws IOException, InterruptedException {
    KafkaFuture<ListOffsetsResultInfo> end =
        admin
            .listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
            .partitionResult(partition);
    try {
      return end.get().offset();
    } catch (ExecutionException e) {
      throw new IOException("cannot look at the end of " + partition.topic(), e.getCause());
    }
  }
}
