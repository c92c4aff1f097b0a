/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.journal.JournalLog;
import io.curvine.journal.kafka.Broker;
import io.curvine.journal.kafka.KafkaFront;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The feed port, on whichever journal is in use. Thread-safe. */
final class Feed implements AutoCloseable {
  private final MasterConfig config;
  private final Supplier<Optional<String>> leaderId;
  private KafkaFront front;

  Feed(MasterConfig config, Supplier<Optional<String>> leaderId) {
    this.config = config;
    this.leaderId = leaderId;
  }

  /** Serves this journal from now on. */
  synchronized void serve(JournalLog journal) throws IOException {
    close();
    front = KafkaFront.start(config.bind(config.self().feedPort()), this::brokers, journal);
  }

  private List<Broker> brokers() {
    List<Peer> members = config.members();
    Optional<String> leader = leaderId.get();
    List<Broker> brokers = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      Peer peer = members.get(i);
      boolean leads = leader.isPresent() && leader.get().equals(peer.id());
      brokers.add(new Broker(i + 1, peer.host(), peer.feedPort(), leads));
    }
    return brokers;
  }

  @Override
  public synchronized void close() {
    if (front != null) {
      front.close();
      front = null;
    }
  }
}
