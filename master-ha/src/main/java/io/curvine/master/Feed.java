/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.journal.JournalLog;
import io.curvine.journal.kafka.Broker;
import io.curvine.journal.kafka.KafkaFront;
import io.curvine.journal.kafka.group.GroupCoordinator;
import io.curvine.master.members.Member;
import io.curvine.master.members.MemberControl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The feed port, on whichever journal is in use. Thread-safe. */
final class Feed implements AutoCloseable {
  private static final Pattern LAST_DIGITS = Pattern.compile("\\d{1,9}$");

  private final MasterConfig config;
  private final Supplier<MemberControl> members;
  private final GroupCoordinator groups;
  private KafkaFront front;

  Feed(MasterConfig config, Supplier<MemberControl> members, GroupCoordinator groups) {
    this.config = config;
    this.members = members;
    this.groups = groups;
  }

  /** Serves this journal from now on. */
  synchronized void serve(JournalLog journal) throws IOException {
    close();
    front = KafkaFront.start(config.bind(config.self().feedPort()), this::brokers, journal, groups);
  }

  /** All members have the journal, those that do not vote too. */
  private List<Broker> brokers() {
    List<Member> now = members.get().membership().members();
    Optional<String> leader = members.get().leaderId();
    List<Broker> brokers = new ArrayList<>();
    for (int i = 0; i < now.size(); i++) {
      Peer peer = now.get(i).peer();
      boolean leads = leader.isPresent() && leader.get().equals(peer.id());
      brokers.add(new Broker(number(now, i), peer.host(), peer.feedPort(), leads));
    }
    return brokers;
  }

  /**
   * Kafka numbers its brokers: m4 is 4. Where the ids do not end in numbers of their own, the place
   * among the members.
   */
  private static int number(List<Member> members, int place) {
    List<Integer> numbers = members.stream().map(member -> number(member.id())).toList();
    boolean own = numbers.stream().distinct().count() == members.size() && !numbers.contains(-1);
    return own ? numbers.get(place) : place + 1;
  }

  private static int number(String id) {
    Matcher digits = LAST_DIGITS.matcher(id);
    return digits.find() ? Integer.parseInt(digits.group()) : -1;
  }

  @Override
  public synchronized void close() {
    if (front != null) {
      front.close();
      front = null;
    }
  }
}
