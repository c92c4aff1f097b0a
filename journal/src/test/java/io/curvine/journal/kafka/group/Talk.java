/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.journal.kafka.group.JoinRequest.Client;
import io.curvine.journal.kafka.group.JoinRequest.Protocol;
import io.curvine.journal.kafka.group.JoinRequest.Timeouts;
import io.curvine.protocol.proto.ConsumerGroup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;

/** A conversation with one group: a test says who asks what, and how time passes. */
final class Talk {
  static final int SESSION_MS = 10_000;
  static final int REBALANCE_MS = 60_000;

  private int ids;
  private long now = Long.MAX_VALUE - 5;
  private Group group = new Group("g", this::newId);
  private ConsumerGroup saved;

  private String newId(String prefix) {
    return prefix + "-" + ++ids;
  }

  Group group() {
    return group;
  }

  /** As the journal has it; null where it has nothing. */
  ConsumerGroup saved() {
    return saved;
  }

  static Identity member(String id) {
    return new Identity(id, "");
  }

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  static JoinRequest request(Identity who, String subscription, String... protocols) {
    return new JoinRequest(
        who,
        new Client("c", "/host"),
        new Timeouts(SESSION_MS, REBALANCE_MS),
        "consumer",
        Stream.of(protocols).map(name -> new Protocol(name, bytes(subscription))).toList(),
        false,
        true);
  }

  CompletableFuture<JoinAnswer> join(Identity who, String... protocols) {
    return join(request(who, "topics", protocols));
  }

  CompletableFuture<JoinAnswer> join(JoinRequest request) {
    return group.join(request, now);
  }

  /** A new member of the protocol range. */
  CompletableFuture<JoinAnswer> join() {
    return join(member(""), "range");
  }

  CompletableFuture<JoinAnswer> rejoin(JoinAnswer before) {
    return join(member(before.memberId()), "range");
  }

  CompletableFuture<SyncAnswer> sync(JoinAnswer joined, Map<String, String> shares) {
    return sync(member(joined.memberId()), joined, shares);
  }

  CompletableFuture<SyncAnswer> sync(Identity who, JoinAnswer joined, Map<String, String> shares) {
    Map<String, ByteString> assignments = new HashMap<>();
    shares.forEach((id, share) -> assignments.put(id, bytes(share)));
    return group.sync(
        new SyncRequest(who, joined.generation(), "consumer", joined.protocol(), assignments), now);
  }

  Errors heartbeat(JoinAnswer of) {
    return group.heartbeat(member(of.memberId()), of.generation(), now);
  }

  Errors heartbeat(Identity who, int generation) {
    return group.heartbeat(who, generation, now);
  }

  Errors mayCommit(String id, int generation) {
    return group.mayCommit(member(id), generation, now);
  }

  Errors leave(String id) {
    return group.leave(member(id), now);
  }

  Errors leave(Identity who) {
    return group.leave(who, now);
  }

  void pass(int millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
    group.tick(now);
  }

  /** Ends the wait for more members of a group that was empty. */
  void gathered() {
    pass(GroupLimits.INITIAL_REBALANCE_DELAY_MS);
  }

  /** The journal takes what is to be saved. */
  void save() {
    endSaves(Errors.NONE);
  }

  void endSaves(Errors outcome) {
    for (Save save : group.takeSaves()) {
      if (outcome == Errors.NONE) {
        saved = save.group();
      }
      save.ended().accept(outcome, now);
    }
  }

  /** Another master takes over; its clock is another one. */
  void failOver() {
    group.end(Errors.NOT_COORDINATOR);
    now = TimeUnit.HOURS.toNanos(3);
    group = Group.restore(saved, this::newId, now);
  }

  static <T> T told(CompletableFuture<T> answer) {
    assertThat(answer).isCompleted();
    return answer.join();
  }

  /** So many members, the leader first, each with its own number as its share. */
  List<JoinAnswer> stable(int count) {
    List<CompletableFuture<JoinAnswer>> joining = Stream.generate(this::join).limit(count).toList();
    gathered();
    return share(joining.stream().map(Talk::told).toList());
  }

  /** All sync; the leader gives each member its number in the list. */
  List<JoinAnswer> share(List<JoinAnswer> joined) {
    Map<String, String> shares = new HashMap<>();
    for (int i = 0; i < joined.size(); i++) {
      shares.put(joined.get(i).memberId(), "share " + i);
    }
    List<CompletableFuture<SyncAnswer>> syncing =
        joined.stream()
            .map(each -> sync(each, each.leader().equals(each.memberId()) ? shares : Map.of()))
            .toList();
    save();
    for (int i = 0; i < joined.size(); i++) {
      assertThat(told(syncing.get(i)).assignment()).isEqualTo(bytes("share " + i));
    }
    assertThat(group.state()).isEqualTo(GroupState.STABLE);
    return joined;
  }
}
