/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import io.curvine.journal.FeedLog;
import io.curvine.protocol.io.Throttle;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies one topic on a thread of its own for as long as this master leads, and tries again what
 * fails. All masters write under one transactional id: who begins ends what another has under way,
 * and asks the other cluster only then where to go on. So nothing is missed or doubled, whichever
 * process dies, and whatever a master does that does not know yet that it was deposed.
 */
final class MirrorTask implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(MirrorTask.class);
  private static final Duration RETRY_FIRST = Duration.ofMillis(200);
  private static final Duration RETRY_MAX = Duration.ofSeconds(10);
  private static final Duration CONFIRM_MAX = Duration.ofSeconds(10);

  private final String topic;
  private final String copy;
  private final MirrorConfig config;
  private final MirrorClients clients;
  private final MirrorSource source;
  private final Throttle throttle;
  private final MirrorStatus status;
  private final TransactionSize size;

  MirrorTask(
      String topic,
      String copy,
      MirrorConfig config,
      MirrorClients clients,
      MirrorSource source,
      Throttle throttle,
      MirrorStatus status) {
    this.topic = topic;
    this.copy = copy;
    this.config = config;
    this.clients = clients;
    this.source = source;
    this.throttle = throttle;
    this.status = status;
    this.size = new TransactionSize(config.batchBytes());
  }

  /** Until its thread is interrupted. */
  @Override
  public void run() {
    Duration pause = RETRY_FIRST;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long before = status.nextOffset();
        try {
          copy();
        } catch (InterruptException e) {
          throw e;
        } catch (MirrorHaltException e) {
          status.halted(e.state(), e.getMessage());
        } catch (IOException | RuntimeException e) {
          if (Thread.currentThread().isInterrupted()) {
            return; // a file that is read then is closed
          }
          LOG.debug("an attempt to copy {} has failed", topic, e);
          status.failing(why(e));
          size.failed();
        } catch (LinkageError e) {
          // A class or a library that the properties file asks for is not there.
          LOG.debug("an attempt to copy {} has failed", topic, e);
          status.failing(e.toString());
        }
        boolean copied = before >= 0 && status.nextOffset() > before;
        pause = copied ? RETRY_FIRST : shorter(pause.multipliedBy(2), RETRY_MAX);
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      }
    } catch (InterruptedException | InterruptException e) {
      LOG.debug("the copy of {} ends here", topic, e);
    }
  }

  private void copy() throws IOException, InterruptedException {
    String clusterId = source.clusterId();
    Optional<FeedLog> log = source.log(topic);
    if (clusterId.isEmpty() || log.isEmpty()) {
      throw new IOException("this master does not serve its feed yet");
    }
    confirmLeading();
    String group =
        config.transactionalId().isEmpty()
            ? "curvine-mirror-" + clusterId
            : config.transactionalId();
    String transactionalId = group + "-" + copy;
    KafkaProducer<byte[], byte[]> producer = clients.producer(transactionalId);
    try {
      producer.initTransactions();
      MirrorTarget target =
          new MirrorTarget(clients, clusterId, copy, group, transactionalId, producer);
      new MirrorCopy(log.get(), copy, config, target, producer, throttle, size, status)
          .follow(target.place());
    } finally {
      // Without a wait, also after an interrupt: who goes on ends the transaction first.
      boolean interrupted = Thread.interrupted();
      producer.close(Duration.ZERO);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A master that was deposed and does not know it would only end the new one's transaction. */
  private void confirmLeading() throws IOException, InterruptedException {
    try {
      source.confirmLeading().get(CONFIRM_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException("this master does not lead", e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("cannot confirm that this master leads", e);
    }
  }

  private String why(Throwable failure) {
    Throwable root = failure;
    StringBuilder text = new StringBuilder(text(root));
    while (root.getCause() != null) {
      root = root.getCause();
      text.append(": ").append(text(root));
    }
    if (root instanceof RecordTooLargeException) {
      text.append(" (raise max.message.bytes of topic ")
          .append(copy)
          .append(" to ")
          .append(MirrorClients.RECORD_MAX_BYTES)
          .append(')');
    }
    return text.toString();
  }

  private static String text(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
