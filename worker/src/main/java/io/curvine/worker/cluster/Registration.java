/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.Ping;
import io.curvine.protocol.proto.RegisterWorker;
import io.curvine.protocol.proto.WorkerAddress;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the worker known to its cluster at each start. Stateless. */
public final class Registration {
  private static final Logger LOG = LoggerFactory.getLogger(Registration.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Registration() {}

  /**
   * Registers, for as long as it takes.
   *
   * @return the worker's id
   * @throws CurvineException INVALID_ARGUMENT where the masters are of another cluster; what the
   *     leader refuses for good
   * @throws IOException where the client is closed meanwhile
   */
  public static int register(MasterClient masters, Identity identity, WorkerAddress address)
      throws IOException {
    MasterRequest request =
        MasterRequest.newBuilder()
            .setCommand(
                Command.newBuilder()
                    .setRegisterWorker(
                        RegisterWorker.newBuilder().setUuid(identity.uuid()).setAddress(address)))
            .build();
    while (true) {
      try {
        checkCluster(masters, identity);
        CommandResult result = masters.askLeader(request, Duration.ZERO, PATIENCE).getCommand();
        identity.join(result.getClusterId());
        LOG.info(
            "worker {} of cluster {} serves {}:{}",
            result.getWorkerId(),
            result.getClusterId(),
            address.getHost(),
            address.getDataPort());
        return result.getWorkerId();
      } catch (CurvineException e) {
        if (!passes(e.code())) {
          throw e;
        }
        LOG.warn("not registered yet: {} {}", e.code(), e.getMessage());
      } catch (IOException e) {
        if (masters.isClosed()) {
          throw e;
        }
        LOG.warn("not registered yet: {}", e.getMessage());
      }
      masters.pause(500);
    }
  }

  private static boolean passes(ErrorCode code) {
    return switch (code) {
      case NOT_LEADER, NOT_READY, BUSY, UNKNOWN_OUTCOME, INTERNAL -> true;
      default -> false;
    };
  }

  /** Before anything is said to a cluster that is not ours. */
  private static void checkCluster(MasterClient masters, Identity identity) throws IOException {
    if (identity.clusterId().isEmpty()) {
      return;
    }
    MasterRequest ping = MasterRequest.newBuilder().setPing(Ping.getDefaultInstance()).build();
    IOException last = null;
    for (HostPort master : masters.masters()) {
      String clusterId;
      try {
        clusterId = masters.askAndWait(master, ping, Duration.ZERO).getPong().getClusterId();
      } catch (IOException e) {
        last = e;
        continue;
      }
      if (!clusterId.isEmpty()) {
        identity.join(clusterId);
        return;
      }
    }
    throw last == null ? new IOException("no master knows its cluster yet") : last;
  }
}
