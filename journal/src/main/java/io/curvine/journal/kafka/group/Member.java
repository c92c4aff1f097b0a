/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import com.google.protobuf.ByteString;
import io.curvine.journal.kafka.group.JoinRequest.Client;
import io.curvine.journal.kafka.group.JoinRequest.Protocol;
import io.curvine.journal.kafka.group.JoinRequest.Timeouts;
import io.curvine.protocol.proto.GroupMember;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;

/** One member of a group. Owned by the group's thread. */
final class Member {
  private final String instanceId;
  private String id;
  private Client client;
  private Timeouts timeouts;
  private List<Protocol> protocols;
  private ByteString assignment = ByteString.EMPTY;
  private CompletableFuture<JoinAnswer> joining;
  private CompletableFuture<SyncAnswer> syncing;

  /** It was told of the generation and has not asked for its share. */
  private boolean owesSync;

  private long deadlineNanos;

  Member(String id, JoinRequest request, long nowNanos) {
    this.id = id;
    this.instanceId = request.member().instanceId();
    update(request);
    heard(nowNanos);
  }

  Member(GroupMember saved, String protocol, long nowNanos) {
    this.id = saved.getId();
    this.instanceId = saved.getInstanceId();
    this.client = new Client(saved.getClientId(), saved.getClientHost());
    this.timeouts = new Timeouts(saved.getSessionTimeoutMs(), saved.getRebalanceTimeoutMs());
    this.protocols = List.of(new Protocol(protocol, saved.getSubscription()));
    this.assignment = saved.getAssignment();
    heard(nowNanos);
  }

  String id() {
    return id;
  }

  Identity identity() {
    return new Identity(id, instanceId);
  }

  boolean isStatic() {
    return !instanceId.isEmpty();
  }

  Client client() {
    return client;
  }

  int rebalanceTimeoutMs() {
    return timeouts.rebalanceMs();
  }

  List<Protocol> protocols() {
    return protocols;
  }

  ByteString assignment() {
    return assignment;
  }

  void assign(ByteString share) {
    assignment = share;
  }

  boolean supports(String protocol) {
    return protocols.stream().anyMatch(each -> each.name().equals(protocol));
  }

  /** What it says of itself under a protocol; empty where it does not know that. */
  ByteString subscription(String protocol) {
    return protocols.stream()
        .filter(each -> each.name().equals(protocol))
        .findFirst()
        .map(Protocol::subscription)
        .orElse(ByteString.EMPTY);
  }

  /** As it says now that it is. */
  void update(JoinRequest request) {
    client = request.client();
    timeouts = request.timeouts();
    protocols = request.protocols();
  }

  /** Another process of the same instance takes its place; whoever waited as it was is fenced. */
  void become(String newId, JoinRequest request) {
    release(Errors.FENCED_INSTANCE_ID);
    id = newId;
    update(request);
  }

  /** A sign of life. */
  void heard(long nowNanos) {
    deadlineNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(timeouts.sessionMs());
  }

  /** Who waits for an answer is kept alive by that. */
  boolean isSilent(long nowNanos) {
    return joining == null && syncing == null && nowNanos - deadlineNanos >= 0;
  }

  boolean rejoined() {
    return joining != null;
  }

  void waitToJoin(CompletableFuture<JoinAnswer> answer) {
    if (joining != null) {
      // The same member on another connection: it has given up the first one.
      joining.complete(JoinAnswer.refused(Errors.REBALANCE_IN_PROGRESS, id));
    }
    joining = answer;
    owesSync = false;
  }

  /** It is in the new generation. */
  void joined(JoinAnswer answer, long nowNanos) {
    CompletableFuture<JoinAnswer> waiting = joining;
    joining = null;
    owesSync = true;
    heard(nowNanos);
    waiting.complete(answer);
  }

  boolean owesSync() {
    return owesSync;
  }

  void waitToSync(CompletableFuture<SyncAnswer> answer) {
    endSync(SyncAnswer.refused(Errors.REBALANCE_IN_PROGRESS));
    syncing = answer;
    owesSync = false;
  }

  /** If it waits for its share. */
  void answerSync(SyncAnswer answer, long nowNanos) {
    if (syncing != null) {
      heard(nowNanos);
      endSync(answer);
    }
  }

  private void endSync(SyncAnswer answer) {
    CompletableFuture<SyncAnswer> waiting = syncing;
    syncing = null;
    if (waiting != null) {
      waiting.complete(answer);
    }
  }

  /** Ends whatever it waits for. */
  void release(Errors error) {
    CompletableFuture<JoinAnswer> waiting = joining;
    joining = null;
    owesSync = false;
    if (waiting != null) {
      waiting.complete(JoinAnswer.refused(error, id));
    }
    endSync(SyncAnswer.refused(error));
  }

  GroupMember toProto(String protocol, ByteString share) {
    return GroupMember.newBuilder()
        .setId(id)
        .setInstanceId(instanceId)
        .setClientId(client.id())
        .setClientHost(client.host())
        .setSessionTimeoutMs(timeouts.sessionMs())
        .setRebalanceTimeoutMs(timeouts.rebalanceMs())
        .setSubscription(subscription(protocol))
        .setAssignment(share)
        .build();
  }
}
