/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetEntry;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.OpenSession;
import io.curvine.protocol.proto.Ping;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.rpc.RpcClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A master that is a cluster alone, in this process, and its caller. For one thread. */
public final class SingleMaster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final MasterConfig config;
  private final MasterNode node;
  private final RpcClient client = new RpcClient(Duration.ofSeconds(1));
  private final long session;
  private long seq;

  private SingleMaster(MasterConfig config) throws IOException {
    this.config = config;
    this.node = MasterNode.start(config, new SimpleMeterRegistry());
    try {
      this.session =
          command(
                  Command.newBuilder()
                      .setOpenSession(OpenSession.newBuilder().setClientName("test"))
                      .build())
              .getCommand()
              .getSessionId();
    } catch (RuntimeException | Error e) {
      node.close();
      throw e;
    }
  }

  /** Starts on a data directory. */
  public static SingleMaster start(Path dataDirectory) throws IOException {
    return new SingleMaster(config(dataDirectory, 1));
  }

  /** Starts with two others as its peers, who are not there. */
  public static SingleMaster startAsOneOfThree(Path dataDirectory) throws IOException {
    return new SingleMaster(config(dataDirectory, 3));
  }

  private static MasterConfig config(Path dataDirectory, int masters) throws IOException {
    List<String> peers = new ArrayList<>();
    for (int i = 1; i <= masters; i++) {
      StringBuilder peer = new StringBuilder("m" + i + "=127.0.0.1");
      for (int port = 0; port < 3; port++) {
        peer.append(':').append(TestPorts.next());
      }
      peers.add(peer.append(":0").toString());
    }
    return MasterConfig.defaults()
        .withMember("m1", peers, dataDirectory)
        .withStateMemory(2L << 20, 8L << 20, 16L << 20);
  }

  private MasterResponse call(MasterRequest request) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      MasterResponse response =
          client.call(config.self().rpc(), request, Duration.ofSeconds(5)).join();
      switch (response.getCode()) {
        case NOT_LEADER, BUSY, NOT_READY, UNKNOWN_OUTCOME -> Trio.pause();
        default -> {
          return response;
        }
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("no answer to " + request + ": " + response);
      }
    }
  }

  private MasterResponse command(Command command) {
    MasterResponse response = call(MasterRequest.newBuilder().setCommand(command).build());
    if (response.getCode() != ErrorCode.OK) {
      throw new AssertionError(command + ": " + response);
    }
    return response;
  }

  /** The id that the master tells everybody. */
  public String clusterId() {
    return call(MasterRequest.newBuilder().setPing(Ping.getDefaultInstance()).build())
        .getPong()
        .getClusterId();
  }

  /** Makes a directory. */
  public void mkdir(String path) {
    command(Trio.mkdir(session, ++seq, path));
  }

  /** Whether there is an entry. */
  public boolean exists(String path) {
    Query query =
        Query.newBuilder().setGetEntry(GetEntry.newBuilder().setAt(Trio.at(path))).build();
    return call(MasterRequest.newBuilder().setQuery(query).build()).getCode() == ErrorCode.OK;
  }

  @Override
  public void close() {
    node.close();
    client.close();
  }
}
