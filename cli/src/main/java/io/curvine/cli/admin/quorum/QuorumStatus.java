/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.quorum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.admin.AdminClient;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.client.ClientConfig;
import io.curvine.protocol.proto.MasterList;
import io.curvine.protocol.proto.MasterProgress;
import io.curvine.protocol.proto.MasterStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/** {@code curvine-admin quorum status}. */
@Command(
    name = "status",
    description = {
      "Show the masters: who leads and votes, in which term, how far each is behind the newest event,",
      "and what each keeps of Raft log, journal and snapshots."
    },
    mixinStandardHelpOptions = true)
public final class QuorumStatus extends Action {
  private static final int UNKNOWN = -1;

  @Override
  protected void run() throws IOException {
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      ObjectNode json = json(client.masters());
      print(json, text(json));
    }
  }

  static ObjectNode json(MasterList list) {
    MasterStatus newest =
        list.getMastersList().stream()
            .max(Comparator.comparingLong(MasterStatus::getAppliedOffset))
            .orElse(MasterStatus.getDefaultInstance());
    ObjectNode json =
        Json.object()
            .put("index", list.getGroup().getIndex())
            .put("settled", list.getGroup().getSettled());
    ArrayNode masters = json.putArray("masters");
    for (MasterStatus master : list.getMastersList()) {
      boolean answers = master.getPid() != 0;
      ObjectNode each =
          masters
              .addObject()
              .put("id", master.getNodeId())
              .put("role", answers ? master.getRole() : "unreachable")
              .put("votes", !master.getListener())
              .put("priority", master.getPriority())
              .put("term", master.getTerm())
              .put("appliedOffset", master.getAppliedOffset())
              .put("lag", answers ? newest.getAppliedOffset() - master.getAppliedOffset() : UNKNOWN)
              .put("lagSeconds", answers ? lagSeconds(master, newest) : UNKNOWN)
              .put("raft", master.getRaft())
              .put("rpc", master.getRpc())
              .put("feed", master.getFeed())
              .put("http", master.getHttp());
      if (master.hasProgress()) {
        progress(each, master);
      }
    }
    return json;
  }

  /** How much older the newest event is that it has. */
  private static double lagSeconds(MasterStatus master, MasterStatus newest) {
    long nanos =
        newest.getProgress().getAppliedTimeNanos() - master.getProgress().getAppliedTimeNanos();
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos)) / 1_000.0;
  }

  private static void progress(ObjectNode json, MasterStatus master) {
    MasterProgress progress = master.getProgress();
    json.put("appliedIndex", progress.getAppliedIndex())
        .put("committedIndex", progress.getCommittedIndex())
        .put("logFirstIndex", progress.getLogFirstIndex())
        .put("logLastIndex", progress.getLogLastIndex())
        .put("journalFirstOffset", progress.getJournalFirstOffset())
        .put("snapshotIndex", progress.getSnapshotIndex());
    if (progress.getSnapshotIndex() != UNKNOWN) {
      json.put("snapshotOffset", master.getSnapshotOffset())
          .put(
              "snapshotTime",
              Instant.EPOCH.plus(Duration.ofNanos(progress.getSnapshotTimeNanos())).toString());
    }
  }

  static String text(ObjectNode list) {
    Table who = new Table("MASTER", "ROLE", "VOTES", ">PRIORITY", "RAFT", "RPC", "FEED", "HTTP");
    Table where =
        new Table(
            "MASTER",
            ">TERM",
            ">APPLIED",
            ">LAG",
            ">SECONDS",
            "JOURNAL",
            "RAFT LOG",
            ">COMMITTED",
            "SNAPSHOT",
            "TAKEN");
    for (JsonNode master : list.get("masters")) {
      who.row(
          master.get("id").asText(),
          master.get("role").asText(),
          master.get("votes").asBoolean() ? "yes" : "no",
          master.get("priority").asText(),
          master.get("raft").asText(),
          master.get("rpc").asText(),
          master.get("feed").asText(),
          master.get("http").asText());
      if (master.has("appliedIndex")) {
        where(where, master);
      }
    }
    String pending =
        list.get("settled").asBoolean() ? "" : "a change of the masters is under way\n";
    return who.render() + "\n" + where.render() + pending;
  }

  private static void where(Table table, JsonNode master) {
    boolean snapshot = master.has("snapshotTime");
    table.row(
        master.get("id").asText(),
        master.get("term").asText(),
        master.get("appliedOffset").asText(),
        master.get("lag").asText(),
        master.get("lagSeconds").asText(),
        range(master.get("journalFirstOffset").asLong(), master.get("appliedOffset").asLong() - 1),
        range(master.get("logFirstIndex").asLong(), master.get("logLastIndex").asLong()),
        master.get("committedIndex").asText(),
        snapshot
            ? "offset "
                + master.get("snapshotOffset").asText()
                + ", index "
                + master.get("snapshotIndex").asText()
            : "none",
        snapshot ? master.get("snapshotTime").asText() : "-");
  }

  private static String range(long first, long last) {
    return last < first ? "empty" : first + " to " + last;
  }
}
