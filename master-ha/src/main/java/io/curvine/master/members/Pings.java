/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.members;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.Ping;
import io.curvine.protocol.proto.Pong;
import io.curvine.protocol.rpc.RpcClient;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Asks other masters how they are. Thread-safe. */
public final class Pings {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(1);
  private static final MasterRequest PING =
      MasterRequest.newBuilder().setPing(Ping.getDefaultInstance()).build();

  private final RpcClient client;

  public Pings(RpcClient client) {
    this.client = client;
  }

  /** What the master there says; empty where it says nothing in a second. Never fails. */
  public CompletableFuture<Optional<Pong>> ask(HostPort rpc) {
    return client
        .call(rpc, PING, ANSWER_MAX)
        .handle(
            (answer, failure) ->
                failure == null && answer.getCode() == ErrorCode.OK && answer.hasPong()
                    ? Optional.of(answer.getPong())
                    : Optional.empty());
  }

  /** What those say that say anything. Never fails. */
  public CompletableFuture<List<Pong>> ask(Collection<HostPort> masters) {
    List<CompletableFuture<Optional<Pong>>> asked = masters.stream().map(this::ask).toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done -> asked.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList());
  }

  /** The ids of those that say nothing, or call themselves otherwise. Never fails. */
  CompletableFuture<Set<String>> silent(Collection<Member> members) {
    Set<String> silent = ConcurrentHashMap.newKeySet();
    CompletableFuture<?>[] asked =
        members.stream()
            .map(
                member ->
                    ask(member.peer().rpc())
                        .thenAccept(
                            answer -> {
                              if (answer.filter(p -> p.getNodeId().equals(member.id())).isEmpty()) {
                                silent.add(member.id());
                              }
                            }))
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(asked).thenApply(done -> Set.copyOf(silent));
  }
}
