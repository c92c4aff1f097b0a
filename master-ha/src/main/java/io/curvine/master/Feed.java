/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.journal.DerivedLog;
import io.curvine.journal.EventView;
import io.curvine.journal.FeedLog;
import io.curvine.journal.JournalLog;
import io.curvine.journal.kafka.Broker;
import io.curvine.journal.kafka.KafkaFront;
import io.curvine.journal.kafka.Topics;
import io.curvine.journal.kafka.group.GroupCoordinator;
import io.curvine.journal.view.ChangeJsonView;
import io.curvine.journal.view.ChangeProtoView;
import io.curvine.master.members.Member;
import io.curvine.master.members.MemberControl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The feed port, on whichever journal is in use. Thread-safe. */
final class Feed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
  private static final String DIRECTORY = "feed";
  private static final Pattern LAST_DIGITS = Pattern.compile("\\d{1,9}$");

  private final MasterConfig config;
  private final Supplier<MemberControl> members;
  private final GroupCoordinator groups;
  private KafkaFront front;
  private Map<String, DerivedLog> derived = Map.of();
  private JournalLog journal;

  Feed(MasterConfig config, Supplier<MemberControl> members, GroupCoordinator groups) {
    this.config = config;
    this.members = members;
    this.groups = groups;
  }

  /** Serves this journal from now on, and topics that are made of it. */
  synchronized void serve(JournalLog served) throws IOException {
    close();
    derived = derive(served);
    journal = served;
    front =
        KafkaFront.start(
            config.bind(config.self().feedPort()),
            this::brokers,
            new Topics(served, derived),
            groups);
  }

  /** Beside the journal: who replaces the one replaces the others. */
  private static Map<String, DerivedLog> derive(JournalLog journal) throws IOException {
    Map<String, EventView> views =
        Map.of(Topics.CHANGES, new ChangeJsonView(), Topics.CHANGES_PROTO, new ChangeProtoView());
    Map<String, DerivedLog> logs = new HashMap<>();
    try {
      for (var view : views.entrySet()) {
        Path directory = journal.directory().resolveSibling(DIRECTORY).resolve(view.getKey());
        logs.put(
            view.getKey(), DerivedLog.open(directory, journal, view.getValue(), view.getKey()));
      }
      return logs;
    } catch (IOException e) {
      logs.values().forEach(Feed::close);
      throw e;
    }
  }

  /** Its files are a cache: that one is not closed well is no reason to stop. */
  private static void close(DerivedLog log) {
    try {
      log.close();
    } catch (IOException e) {
      LOG.warn("cannot close a topic of the feed", e);
    }
  }

  /** A topic; empty while the feed is closed. */
  synchronized Optional<FeedLog> log(String topic) {
    return Optional.ofNullable(topic.equals(Topics.JOURNAL) ? journal : derived.get(topic));
  }

  /** Drops files of topics that nobody reads, or that the journal has no more. */
  void dropUnused() throws IOException {
    List<DerivedLog> logs;
    synchronized (this) {
      logs = List.copyOf(derived.values());
    }
    for (DerivedLog log : logs) {
      log.dropUnused();
    }
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
    derived.values().forEach(Feed::close);
    derived = Map.of();
    journal = null;
  }
}
