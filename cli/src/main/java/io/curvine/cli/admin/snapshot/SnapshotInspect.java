/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.snapshot;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.cli.output.Table;
import io.curvine.master.state.Counter;
import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StateStore;
import io.curvine.master.tool.StatePlace;
import io.curvine.master.tool.StateSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin snapshot inspect}. */
@Command(
    name = "inspect",
    description = "Say what is in a snapshot, a replayed state, or a stopped master's state.",
    mixinStandardHelpOptions = true)
public final class SnapshotInspect extends Action {
  @Parameters(paramLabel = "DIR")
  private Path directory;

  @Option(
      names = "--directories",
      paramLabel = "N",
      defaultValue = "10",
      description = "So many of the biggest directories. Default: ${DEFAULT-VALUE}.")
  private int directories;

  @Override
  protected void run() throws IOException {
    if (directories < 0) {
      throw usage("--directories is " + directories + "; allowed: 0 or more");
    }
    try (StatePlace place = StatePlace.open(directory);
        StateStore store = place.openState();
        FrozenState state = store.freeze()) {
      StateSummary summary = StateSummary.of(state, directories);
      print(json(summary), text(summary));
    }
  }

  private static String name(Counter counter) {
    return counter.name().toLowerCase(Locale.ROOT);
  }

  private static ObjectNode json(StateSummary summary) {
    ObjectNode json = Json.object().put("clusterId", summary.clusterId());
    ObjectNode counters = json.putObject("counters");
    new TreeMap<>(summary.counters())
        .forEach((counter, value) -> counters.put(name(counter), value));
    ArrayNode families = json.putArray("families");
    summary
        .families()
        .forEach(
            each ->
                families
                    .addObject()
                    .put("family", each.family().storedName())
                    .put("keys", each.keys())
                    .put("bytes", each.bytes()));
    ArrayNode mounts = json.putArray("mounts");
    summary
        .mounts()
        .forEach(
            each ->
                mounts
                    .addObject()
                    .put("id", each.getId())
                    .put("path", each.getPath())
                    .put("uri", each.getUri()));
    ArrayNode workers = json.putArray("workers");
    summary
        .workers()
        .forEach(
            each ->
                workers
                    .addObject()
                    .put("id", each.getId())
                    .put("uuid", each.getUuid())
                    .put("host", each.getAddress().getHost()));
    ArrayNode sessions = json.putArray("sessions");
    new TreeMap<>(summary.sessions())
        .forEach(
            (id, each) -> sessions.addObject().put("id", id).put("client", each.getClientName()));
    ArrayNode biggest = json.putArray("biggestDirectories");
    summary
        .biggest()
        .forEach(
            each ->
                biggest
                    .addObject()
                    .put("path", each.path())
                    .put("inode", each.inode())
                    .put("names", each.names()));
    return json;
  }

  private static String text(StateSummary summary) {
    Table families = new Table("FAMILY", ">KEYS", ">BYTES");
    summary.families().forEach(each -> families.row(each.family(), each.keys(), each.bytes()));
    Table counters = new Table("COUNTER", ">VALUE");
    new TreeMap<>(summary.counters())
        .forEach((counter, value) -> counters.row(name(counter), value));
    Table mounts = new Table(">MOUNT", "PATH", "UFS");
    summary
        .mounts()
        .forEach(
            each ->
                mounts.row(
                    each.getId(), Printable.of(each.getPath()), Printable.of(each.getUri())));
    Table workers = new Table(">WORKER", "HOST", "UUID");
    summary
        .workers()
        .forEach(
            each ->
                workers.row(
                    each.getId(),
                    Printable.of(each.getAddress().getHost()),
                    Printable.of(each.getUuid())));
    Table sessions = new Table(">SESSION", "CLIENT");
    new TreeMap<>(summary.sessions())
        .forEach((id, each) -> sessions.row(id, Printable.of(each.getClientName())));
    Table biggest = new Table(">NAMES", ">INODE", "DIRECTORY");
    summary
        .biggest()
        .forEach(
            each ->
                biggest.row(
                    each.names(), each.inode(), each.path().isEmpty() ? "(deleted)" : each.path()));
    return "cluster "
        + summary.clusterId()
        + "\n\n"
        + String.join(
            "\n",
            families.render(),
            counters.render(),
            mounts.render(),
            workers.render(),
            sessions.render(),
            biggest.render());
  }
}
