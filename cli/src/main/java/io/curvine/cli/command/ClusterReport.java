/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ClusterStatus;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.Pong;
import io.curvine.protocol.proto.TierUsage;
import io.curvine.protocol.proto.WorkerStatus;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The state of a cluster as JSON: what the leader says of workers and what each master says of
 * itself. Stateless.
 */
public final class ClusterReport {
  private ClusterReport() {}

  /** Asks now. */
  public static ObjectNode of(CurvineClient client) throws IOException {
    ClusterStatus status = client.namespace().status();
    ObjectNode json =
        Json.object()
            .put("clusterId", status.getClusterId())
            .put("nextOffset", status.getNextOffset())
            .put("inodes", status.getInodes())
            .put("pendingJobs", status.getPendingJobs());
    ArrayNode masters = json.putArray("masters");
    MasterProbe.ask(members(status)).forEach((rpc, pong) -> masters.add(master(rpc, pong, status)));
    ArrayNode workers = json.putArray("workers");
    status.getWorkersList().forEach(worker -> workers.add(worker(worker)));
    return json;
  }

  /** Those that there are, whichever of them this client was told of. */
  private static List<HostPort> members(ClusterStatus status) {
    return status.getMastersList().stream().map(each -> HostPort.parse(each.getRpc())).toList();
  }

  private static ObjectNode master(HostPort rpc, Optional<Pong> answer, ClusterStatus status) {
    if (answer.isEmpty()) {
      return silent(rpc, status);
    }
    Pong pong = answer.get();
    return Json.object()
        .put("id", pong.getNodeId())
        .put("rpc", rpc.toString())
        .put("http", pong.getHttp())
        .put("feed", pong.getFeed())
        .put("role", pong.getRole().toLowerCase(Locale.ROOT))
        .put("pid", pong.getPid())
        .put("term", pong.getTerm())
        .put("appliedOffset", pong.getAppliedOffset())
        .put("snapshotOffset", pong.getSnapshotOffset());
  }

  /** What the leader knows of a master that does not answer. */
  private static ObjectNode silent(HostPort rpc, ClusterStatus status) {
    MasterStatus known =
        status.getMastersList().stream()
            .filter(each -> each.getRpc().equals(rpc.toString()))
            .findFirst()
            .orElse(MasterStatus.getDefaultInstance());
    return Json.object()
        .put("id", known.getNodeId())
        .put("rpc", rpc.toString())
        .put("http", known.getHttp())
        .put("feed", known.getFeed())
        .put("role", "unreachable")
        .put("pid", 0)
        .put("term", 0)
        .put("appliedOffset", known.getAppliedOffset())
        .put("snapshotOffset", known.getSnapshotOffset());
  }

  private static ObjectNode worker(WorkerStatus worker) {
    String host = worker.getAddress().getHost();
    ObjectNode json =
        Json.object()
            .put("id", worker.getId())
            .put("data", new HostPort(host, worker.getAddress().getDataPort()).toString())
            .put("http", new HostPort(host, worker.getAddress().getHttpPort()).toString())
            .put("rack", worker.getAddress().getRack())
            .put("pid", worker.getPid())
            .put("live", worker.getLive())
            .put("leaving", worker.getLeaving())
            .put("neededBlocks", worker.getNeededBlocks())
            .put("lastHeartbeatMsAgo", worker.getLastHeartbeatMsAgo())
            .put("feedOffset", worker.getFeedOffset())
            .put("corruptPages", worker.getCorruptPages())
            .put("uuid", worker.getUuid());
    ArrayNode tiers = json.putArray("tiers");
    for (TierUsage tier : worker.getTiersList()) {
      tiers
          .addObject()
          .put("kind", tier.getKind().name().toLowerCase(Locale.ROOT))
          .put("directory", tier.getDirectory())
          .put("capacityBytes", tier.getCapacityBytes())
          .put("usedBytes", tier.getUsedBytes())
          .put("pinnedBytes", tier.getPinnedBytes())
          .put("keptBytes", tier.getKeptBytes())
          .put("blocks", tier.getBlocks());
    }
    return json;
  }
}
