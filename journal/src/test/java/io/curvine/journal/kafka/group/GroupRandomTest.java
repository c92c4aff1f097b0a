/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.ConsumerGroup;
import io.curvine.protocol.proto.GroupMember;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * Clients that join, sync, beat, leave, die, come back as the same instance and ask twice, saves
 * that fail or end late, and masters that take over. Whatever happens: a generation has one leader
 * and one set of shares, no two members of one have the same share, none gets a share of another
 * generation, what was told is saved, and generations only grow.
 */
final class GroupRandomTest {
  private static final int ROUNDS = 300;
  private static final int STEPS = 400;
  private static final int CLIENTS = 6;

  /** One process that wants into the group. */
  private static final class Client {
    private final String instance;
    private String id = "";
    private JoinAnswer joined;
    private CompletableFuture<JoinAnswer> joining;
    private CompletableFuture<SyncAnswer> syncing;

    Client(String instance) {
      this.instance = instance;
    }

    Identity identity() {
      return new Identity(id, instance);
    }

    void forget() {
      id = "";
      joined = null;
      joining = null;
      syncing = null;
    }
  }

  private Random random;
  private long now;
  private int ids;
  private Group group;
  private ConsumerGroup saved;
  private int highest;
  private List<Client> clients;
  private final List<Save> open = new ArrayList<>();

  /** What was told: generation to who assigns, and generation to who has which share. */
  private final Map<Integer, String> leaders = new HashMap<>();

  private final Map<Integer, Map<ByteString, String>> shares = new HashMap<>();

  @Test
  void whateverHappensAGenerationIsOne() {
    long seed = Long.getLong("curvine.seed", new Random().nextLong());
    System.out.println("GroupRandomTest: -Dcurvine.seed=" + seed);
    random = new Random(seed);
    int stable = 0;
    for (int round = 0; round < ROUNDS; round++) {
      begin();
      for (int step = 0; step < STEPS; step++) {
        step();
        listen();
        check("seed " + seed + " round " + round + " step " + step);
      }
      stable += shares.size();
    }
    assertThat(stable).as("generations that were shared out, seed " + seed).isGreaterThan(ROUNDS);
  }

  private void begin() {
    group = new Group("g", this::newId);
    saved = ConsumerGroup.newBuilder().setName("g").build();
    highest = 0;
    open.clear();
    leaders.clear();
    shares.clear();
    clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new Client(i < CLIENTS / 2 ? "" : "instance " + i / 2));
    }
  }

  private String newId(String prefix) {
    return prefix + "-" + ++ids;
  }

  private void step() {
    Client client = clients.get(random.nextInt(CLIENTS));
    switch (random.nextInt(20)) {
      case 0 -> pass(random.nextInt(2 * Talk.SESSION_MS));
      case 1 -> client.forget();
      case 2 -> {
        group.leave(client.identity(), now);
        client.forget();
      }
      case 3 -> failOver();
      case 4, 5, 6 -> pass(random.nextInt(2 * GroupLimits.INITIAL_REBALANCE_DELAY_MS));
      case 7, 8, 9, 10 -> endSave();
      case 11, 12 -> beat(client);
      default -> goOn(client);
    }
    open.addAll(group.takeSaves());
  }

  private void pass(int millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
    group.tick(now);
  }

  private void failOver() {
    if (random.nextInt(4) == 0) {
      group.end(Errors.NOT_COORDINATOR);
      // What is on its way is journaled or lost, and nobody hears of it.
      while (!open.isEmpty() && random.nextBoolean()) {
        journal(open.remove(0));
      }
      open.clear();
      group = Group.restore(saved, this::newId, now);
    }
  }

  private void endSave() {
    if (open.isEmpty()) {
      return;
    }
    Save save = open.remove(0);
    boolean taken = random.nextInt(8) != 0 && journal(save);
    save.ended().accept(taken ? Errors.NONE : Errors.COORDINATOR_LOAD_IN_PROGRESS, now);
  }

  /** As the decider does. */
  private boolean journal(Save save) {
    assertThat(save.group().getGeneration()).isGreaterThanOrEqualTo(saved.getGeneration());
    saved = save.group();
    return true;
  }

  private void beat(Client client) {
    if (client.joined != null) {
      int generation = client.joined.generation();
      Errors error = group.heartbeat(client.identity(), generation, now);
      if (error == Errors.UNKNOWN_MEMBER_ID || error == Errors.FENCED_INSTANCE_ID) {
        client.forget();
      }
      Errors commit = group.mayCommit(client.identity(), generation, now);
      if (commit == Errors.NONE) {
        assertThat(generation).isEqualTo(group.generation());
      }
    }
  }

  /** As a consumer: it joins, and syncs when it has joined; now and then it asks twice. */
  private void goOn(Client client) {
    boolean waits = client.joining != null || client.syncing != null;
    if (waits && random.nextInt(5) != 0) {
      return;
    }
    if (client.joined != null && random.nextInt(5) != 0) {
      boolean leads = client.joined.leader().equals(client.id) && !client.joined.skipAssignment();
      client.syncing =
          group.sync(
              new SyncRequest(
                  client.identity(),
                  client.joined.generation(),
                  "consumer",
                  client.joined.protocol(),
                  leads ? shareOut(client.joined) : Map.of()),
              now);
    } else {
      client.joined = null;
      client.syncing = null;
      JoinRequest plain = Talk.request(client.identity(), "topics " + random.nextInt(3), "range");
      client.joining =
          group.join(
              new JoinRequest(
                  plain.member(),
                  plain.client(),
                  plain.timeouts(),
                  plain.protocolType(),
                  plain.protocols(),
                  random.nextBoolean(),
                  random.nextBoolean()),
              now);
    }
  }

  /** No two alike, in this and any other generation. */
  private Map<String, ByteString> shareOut(JoinAnswer joined) {
    Map<String, ByteString> assignments = new HashMap<>();
    joined
        .members()
        .forEach(
            each ->
                assignments.put(
                    each.member().memberId(), Talk.bytes(joined.generation() + " " + ++ids)));
    return assignments;
  }

  /** What the clients were told meanwhile. */
  private void listen() {
    for (Client client : clients) {
      if (client.joining != null && client.joining.isDone()) {
        JoinAnswer answer = client.joining.join();
        client.joining = null;
        heard(client, answer);
      }
      if (client.syncing != null && client.syncing.isDone()) {
        SyncAnswer answer = client.syncing.join();
        client.syncing = null;
        heard(client, answer);
      }
    }
  }

  private void heard(Client client, JoinAnswer answer) {
    switch (answer.error()) {
      case NONE -> {
        client.id = answer.memberId();
        client.joined = answer;
        if (!answer.members().isEmpty()) {
          assertThat(answer.leader()).isEqualTo(client.id);
          assertThat(answer.members()).anyMatch(each -> each.member().memberId().equals(client.id));
        }
        if (!answer.members().isEmpty() && !answer.skipAssignment()) {
          String other = leaders.putIfAbsent(answer.generation(), client.id);
          assertThat(other).as("who assigns").isIn(null, client.id);
        }
      }
      case MEMBER_ID_REQUIRED -> client.id = answer.memberId();
      case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID -> client.forget();
      default -> {}
    }
  }

  private void heard(Client client, SyncAnswer answer) {
    switch (answer.error()) {
      case NONE -> {
        String share = answer.assignment().toStringUtf8();
        int generation = client.joined.generation();
        if (share.isEmpty()) {
          return;
        }
        assertThat(share).as("of its own generation").startsWith(generation + " ");
        assertThat(saved.getGeneration()).as("told means saved").isGreaterThanOrEqualTo(generation);
        String instance = client.instance.isEmpty() ? client.id : client.instance;
        String before =
            shares
                .computeIfAbsent(generation, key -> new HashMap<>())
                .putIfAbsent(answer.assignment(), instance);
        assertThat(before).as("who has the share").isIn(null, instance);
      }
      case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID -> client.forget();
      default -> client.joined = null;
    }
  }

  private void check(String when) {
    boolean restored = group.generation() < highest;
    if (restored) {
      // Only a generation that was never told to be shared out may be given again.
      assertThat(shares).as(when).doesNotContainKey(highest);
      leaders.keySet().removeIf(generation -> generation > group.generation());
    }
    highest = group.generation();
    assertThat(saved.getGeneration()).as(when).isLessThanOrEqualTo(group.generation());
    Described described = group.describe();
    Set<String> members = new HashSet<>();
    described.members().forEach(member -> members.add(member.identity().memberId()));
    assertThat(members).as(when).hasSize(described.members().size());
    if (described.state() == GroupState.STABLE) {
      Set<ByteString> given = new HashSet<>();
      for (Described.Member member : described.members()) {
        if (!member.assignment().isEmpty()) {
          assertThat(member.assignment().toStringUtf8())
              .as(when)
              .startsWith(group.generation() + " ");
          assertThat(given.add(member.assignment())).as(when).isTrue();
        }
      }
      assertThat(saved.getGeneration()).as(when).isEqualTo(group.generation());
      assertThat(saved.getMembersList().stream().map(GroupMember::getAssignment).toList())
          .as(when)
          .containsAll(given);
    }
    assertThat(described.state() == GroupState.EMPTY)
        .as(when)
        .isEqualTo(described.members().isEmpty());
  }
}
