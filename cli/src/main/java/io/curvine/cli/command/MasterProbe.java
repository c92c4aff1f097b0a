/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.Ping;
import io.curvine.protocol.proto.Pong;
import io.curvine.protocol.rpc.RpcClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks each master about itself, whether there is a leader or not. Stateless. */
public final class MasterProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final MasterRequest PING =
      MasterRequest.newBuilder().setPing(Ping.getDefaultInstance()).build();

  private MasterProbe() {}

  /** What each said, in the order asked; empty: no answer. Blocks for two seconds at most. */
  public static Map<HostPort, Optional<Pong>> ask(List<HostPort> masters) {
    try (RpcClient client = new RpcClient(PATIENCE)) {
      List<CompletableFuture<Optional<Pong>>> answers = new ArrayList<>();
      for (HostPort master : masters) {
        answers.add(
            client
                .call(master, PING, PATIENCE)
                .thenApply(
                    response ->
                        Optional.of(response).filter(r -> r.hasPong()).map(r -> r.getPong()))
                .exceptionally(silent -> Optional.empty()));
      }
      Map<HostPort, Optional<Pong>> byMaster = new LinkedHashMap<>();
      for (int i = 0; i < masters.size(); i++) {
        byMaster.put(masters.get(i), answers.get(i).join());
      }
      return byMaster;
    }
  }
}
