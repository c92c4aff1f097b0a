/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import com.google.protobuf.ByteString;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CreateFile;
import io.curvine.protocol.proto.DeleteEntry;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetEntry;
import io.curvine.protocol.proto.MakeDirectory;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.OpenSession;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.SetXattr;
import io.curvine.protocol.rpc.RpcClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** Three masters in this process, and a caller that finds the leader. For one test thread. */
final class Trio implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration ATTEMPT = Duration.ofSeconds(5);

  /** One that is free again, because nobody has bound it yet, is not given twice. */
  private final Path root;

  private final List<String> peers;
  private final UnaryOperator<MasterConfig> tune;
  private final Map<String, String> newcomers = new TreeMap<>();
  private final Map<String, MasterNode> running = new ConcurrentSkipListMap<>();
  private final Map<String, SimpleMeterRegistry> metersOf = new TreeMap<>();
  private final RpcClient client = new RpcClient(Duration.ofSeconds(1));
  private final Caller caller = new Caller();

  Trio(Path root, UnaryOperator<MasterConfig> tune) throws IOException {
    this.root = root;
    this.tune = tune;
    this.peers = List.of(newPeer("m1"), newPeer("m2"), newPeer("m3"));
  }

  private static String newPeer(String id) {
    int raft = TestPorts.next();
    return id + "=127.0.0.1:" + raft + ":" + TestPorts.next() + ":" + TestPorts.next() + ":0";
  }

  /** Of one of the three; of another one: with the three as the peers to look for. */
  MasterConfig config(String id) {
    List<String> known = new ArrayList<>(peers);
    if (newcomers.containsKey(id)) {
      known.add(newcomers.get(id));
    }
    return tune.apply(
        MasterConfig.defaults()
            .withMember(id, known, directory(id))
            .withStateMemory(2L << 20, 8L << 20, 16L << 20));
  }

  /** Starts a master that none of the three was told of. */
  MasterNode startNew(String id) throws IOException {
    newcomers.put(id, newPeer(id));
    return start(id);
  }

  Path directory(String id) {
    return root.resolve(id);
  }

  void startAll() throws IOException {
    for (String id : List.of("m1", "m2", "m3")) {
      start(id);
    }
    until("all ready", () -> running.values().stream().allMatch(MasterNode::ready));
  }

  MasterNode start(String id) throws IOException {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    MasterNode node = MasterNode.start(config(id), meters);
    metersOf.put(id, meters);
    running.put(id, node);
    return node;
  }

  void stop(String id) {
    running.remove(id).close();
  }

  /** A counter of a master since it was started last. */
  double counter(String id, String name) {
    return metersOf.get(id).get("curvine.master." + name).functionCounter().count();
  }

  /** A gauge of a master. */
  double gauge(String id, String name) {
    return metersOf.get(id).get("curvine.master." + name).gauge().value();
  }

  MasterNode node(String id) {
    return running.get(id);
  }

  /** Waits for a leader that has claimed its leadership. */
  String leader() {
    until("a leader", () -> running.values().stream().anyMatch(MasterNode::leading));
    return running.entrySet().stream()
        .filter(entry -> entry.getValue().leading())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseGet(this::leader);
  }

  /** The masters that run and do not lead. */
  List<String> followers() {
    String leader = leader();
    return running.keySet().stream().filter(id -> !id.equals(leader)).toList();
  }

  String follower() {
    String leader = leader();
    return running.keySet().stream().filter(id -> !id.equals(leader)).findFirst().orElseThrow();
  }

  /** Asks one master once. */
  MasterResponse ask(String id, MasterRequest request) {
    return client.call(config(id).self().rpc(), request, ATTEMPT).join();
  }

  /** Asks one master once, without waiting. */
  CompletableFuture<MasterResponse> send(String id, MasterRequest request) {
    return client.call(config(id).self().rpc(), request, ATTEMPT);
  }

  /** Asks until a master answers for good; follows the hints. */
  MasterResponse call(MasterRequest request) {
    return caller.call(request);
  }

  MasterResponse command(Command command) {
    return caller.command(command);
  }

  /** One more caller, for another thread. */
  Caller caller() {
    return new Caller();
  }

  /** Finds the leader. For one thread. */
  final class Caller {
    private HostPort next;

    MasterResponse command(Command command) {
      return call(MasterRequest.newBuilder().setCommand(command).build());
    }

    MasterResponse call(MasterRequest request) {
      long end = System.nanoTime() + PATIENCE.toNanos();
      int turn = 0;
      while (System.nanoTime() < end) {
        List<String> ids = List.copyOf(running.keySet());
        if (next == null) {
          next = config(ids.get(turn++ % ids.size())).self().rpc();
        }
        HostPort at = next;
        next = null;
        try {
          MasterResponse response = client.call(at, request, ATTEMPT).join();
          switch (response.getCode()) {
            case NOT_LEADER -> {
              if (!response.getLeaderRpc().isEmpty()) {
                next = HostPort.parse(response.getLeaderRpc());
              }
              pause();
            }
            case BUSY, NOT_READY, UNKNOWN_OUTCOME -> pause();
            default -> {
              next = at;
              return response;
            }
          }
        } catch (CompletionException e) {
          pause();
        }
      }
      throw new AssertionError("no answer to " + request.getRequestCase());
    }
  }

  long openSession() {
    MasterResponse response =
        command(
            Command.newBuilder()
                .setOpenSession(OpenSession.newBuilder().setClientName("test"))
                .build());
    return response.getCommand().getSessionId();
  }

  MasterResponse get(String path) {
    return call(
        MasterRequest.newBuilder()
            .setQuery(Query.newBuilder().setGetEntry(GetEntry.newBuilder().setAt(at(path))))
            .build());
  }

  boolean exists(String path) {
    return get(path).getCode() == ErrorCode.OK;
  }

  static Command mkdir(long session, long seq, String path) {
    return Command.newBuilder()
        .setSessionId(session)
        .setSeq(seq)
        .setAckedBelow(seq)
        .setMakeDirectory(MakeDirectory.newBuilder().setAt(at(path)).setMode(0755))
        .build();
  }

  static Command create(long session, long seq, String path) {
    return Command.newBuilder()
        .setSessionId(session)
        .setSeq(seq)
        .setAckedBelow(seq)
        .setCreateFile(CreateFile.newBuilder().setAt(at(path)).setMode(0644).setExclusive(true))
        .build();
  }

  static Command delete(long session, long seq, String path) {
    return Command.newBuilder()
        .setSessionId(session)
        .setSeq(seq)
        .setAckedBelow(seq)
        .setDeleteEntry(DeleteEntry.newBuilder().setAt(at(path)))
        .build();
  }

  static Command setXattr(long session, long seq, String name, byte[] value) {
    return Command.newBuilder()
        .setSessionId(session)
        .setSeq(seq)
        .setAckedBelow(seq)
        .setSetXattr(
            SetXattr.newBuilder()
                .setAt(at("/"))
                .setName(ByteString.copyFromUtf8(name))
                .setValue(ByteString.copyFrom(value)))
        .build();
  }

  static EntryRef at(String path) {
    return EntryRef.newBuilder().setPath(ByteString.copyFromUtf8(path)).build();
  }

  void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "waited in vain for "
                + what
                + ": "
                + running.values().stream()
                    .map(node -> node.config().id() + " " + node.notReadyReason())
                    .toList());
      }
      pause();
    }
  }

  static void pause() {
    CompletableFuture<Void> never = new CompletableFuture<>();
    never.completeOnTimeout(null, 50, TimeUnit.MILLISECONDS).join();
  }

  @Override
  public void close() {
    running.values().forEach(MasterNode::close);
    client.close();
  }
}
