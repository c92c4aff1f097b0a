/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transaction of the mirror's that has ended for the other cluster's coordinator, and of which a
 * partition has no mark: readers stop before it for ever, and the mirror as well. A broker that
 * comes back after a crash can lose a mark: before it knows who leads a partition it takes that for
 * deleted, and leaves it out.
 *
 * <p>A partition tells transactions apart by their producer alone. So the mark of the producer's
 * next one ends the lost one too: a transaction that is aborted, for the lost one's records may be
 * an aborted one's. Nobody has read them, and they are copied again. Of one thread.
 */
final class LostMark {
  private static final Logger LOG = LoggerFactory.getLogger(LostMark.class);
  private static final Set<TransactionState> ENDED =
      Set.of(
          TransactionState.EMPTY,
          TransactionState.COMPLETE_COMMIT,
          TransactionState.COMPLETE_ABORT);

  private final TopicPartition partition;
  private final String transactionalId;
  private final KafkaProducer<byte[], byte[]> producer;

  /**
   * @param producer has its transactions initialised, under that id
   */
  LostMark(
      TopicPartition partition, String transactionalId, KafkaProducer<byte[], byte[]> producer) {
    this.partition = partition;
    this.transactionalId = transactionalId;
    this.producer = producer;
  }

  /** Whether a transaction that is open in the partition is one of the mirror's that has ended. */
  boolean isIn(Admin admin) throws IOException, InterruptedException {
    TransactionDescription known =
        get(admin.describeTransactions(Set.of(transactionalId)).description(transactionalId));
    return ENDED.contains(known.state())
        && get(admin.describeProducers(Set.of(partition)).partitionResult(partition))
            .activeProducers()
            .stream()
            .anyMatch(
                open ->
                    open.currentTransactionStartOffset().isPresent()
                        && open.producerId() == known.producerId());
  }

  /** Ends what is open of this producer in the partition and in the group's places. */
  void end(ConsumerGroupMetadata group) {
    LOG.warn(
        "the cluster that has {} has lost the mark at the end of a transaction: aborts it, and"
            + " copies again what was in it",
        partition.topic());
    producer.beginTransaction();
    var unused = producer.send(new ProducerRecord<>(partition.topic(), 0, null, new byte[0]));
    producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(0)), group);
    producer.flush(); // what was not sent would be left out of it
    producer.abortTransaction();
  }

  private <T> T get(KafkaFuture<T> answer) throws IOException, InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IOException("cannot look at the transactions in " + partition, e.getCause());
    }
  }
}
