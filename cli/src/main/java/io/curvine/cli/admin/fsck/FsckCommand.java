/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.fsck;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.admin.AdminClient;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.client.ClientConfig;
import io.curvine.master.check.StateCheck;
import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StateStore;
import io.curvine.master.tool.StatePlace;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.MasterStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin fsck}. */
@Command(
    name = "fsck",
    description = {
      "Find what contradicts itself in a state: names, link counts, counters, leases, jobs, and",
      "blocks that no worker holds. Without directories: the leader's state while it serves; what is",
      "found is looked at twice. With directories: stopped masters, snapshots, replayed states. The",
      "exit code is 1 where anything is found, or left after --repair, or could not be checked."
    },
    mixinStandardHelpOptions = true)
public final class FsckCommand extends Action {
  @Parameters(
      arity = "0..*",
      paramLabel = "DIR",
      description = "Data directories of stopped masters, snapshots, or what a replay made.")
  private List<Path> directories = List.of();

  @Option(names = "--all", description = "Every master's state, not the leader's alone.")
  private boolean all;

  @Option(
      names = "--ufs",
      description = "Compare loaded directories with their UFS too; that lists each of them.")
  private boolean ufs;

  @Option(
      names = "--repair",
      description = {
        "Mend what is found, through the journal. Every master takes a snapshot first. Refused",
        "where the masters' states differ."
      })
  private boolean repair;

  @Option(names = "--dry-run", description = "With --repair: only say what would be done.")
  private boolean dryRun;

  @Option(
      names = "--again-after",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = {
        "When findings are looked at a second time. Workers report what they have got at their",
        "heartbeats: until then a block seems to be nowhere. Default: ${DEFAULT-VALUE}."
      })
  private int againSeconds;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description = "How long to wait for the masters. Default: ${DEFAULT-VALUE}.")
  private int timeoutSeconds;

  @Override
  protected void run() throws IOException {
    if (!directories.isEmpty() && (repair || ufs || all)) {
      throw usage(
          "--repair, --ufs and --all are for masters that run: a repair goes through the journal");
    }
    if (againSeconds < 0) {
      throw usage("--again-after is " + againSeconds + "; allowed: 0 or more");
    }
    if (dryRun && !repair) {
      throw usage("--dry-run is for --repair");
    }
    if (directories.isEmpty()) {
      live();
      return;
    }
    List<Checked> checked = new ArrayList<>();
    for (Path directory : directories) {
      checked.add(offline(directory));
    }
    show(Json.object(), checked);
    say(checked);
  }

  private static Checked offline(Path directory) throws IOException {
    try (StatePlace place = StatePlace.open(directory);
        StateStore store = place.openState();
        FrozenState state = store.freeze()) {
      StateCheck.Result result = StateCheck.of(state, new Throttle(0));
      return new Checked(
          directory.toString(),
          result.offset(),
          result.epoch(),
          result.rows(),
          result.findings(),
          result.more(),
          List.of("blocks against workers: only a master that runs knows what they hold"),
          List.of());
    }
  }

  private void live() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      LiveCheck checks = new LiveCheck(client, ufs, Duration.ofSeconds(againSeconds), deadline);
      List<MasterStatus> masters = checks.masters();
      List<Checked> checked = new ArrayList<>();
      for (int i = 0; i < (all ? masters.size() : 1); i++) {
        try {
          checked.add(checks.check(masters.get(i), i == 0));
        } catch (IOException e) {
          if (i == 0) {
            throw e; // Without the leader there is nothing to say or to mend.
          }
          problem(new CliException(masters.get(i).getNodeId() + ": " + e.getMessage(), e));
        }
      }
      ObjectNode json = Json.object().put("dryRun", dryRun);
      if (!repair || dryRun || checked.get(0).repairable().isEmpty()) {
        show(json, checked);
        say(checked);
        return;
      }
      repair(new LiveRepair(client, checks, deadline), masters, checked.get(0), json);
    }
  }

  private void repair(
      LiveRepair repairs, List<MasterStatus> masters, Checked found, ObjectNode json)
      throws IOException {
    if (!global().json()) {
      Table plan = Checked.table();
      found.show(Json.array(), plan);
      out().print(plan.render());
      out().flush();
    }
    found.show(json.putArray("plan"), Checked.table());
    LiveRepair.requireRoots(found);
    repairs.requireSame();
    repairs.backUp(masters, json.putArray("snapshots"));
    Checked left = repairs.run(found, json);
    if (!global().json()) {
      json.get("snapshots")
          .forEach(
              each ->
                  out()
                      .println(
                          each.get("master").asText()
                              + " has it as it was in snapshot "
                              + each.get("snapshot").asText()));
      out().println("mended: " + json.get("repaired").asInt());
    }
    show(json, List.of(left));
    say(List.of(left));
  }

  private void show(ObjectNode json, List<Checked> checked) {
    ArrayNode states = json.putArray("states");
    Table table = Checked.table();
    checked.forEach(each -> each.show(states, table));
    json.put("clean", checked.stream().allMatch(Checked::isClean));
    StringBuilder text = new StringBuilder(table.isEmpty() ? "" : table.render());
    for (Checked each : checked) {
      text.append(each.name())
          .append(": ")
          .append(each.findings().isEmpty() ? "nothing found" : each.findings().size() + " found")
          .append(each.more() == 0 ? "" : " and " + each.more() + " more")
          .append(" in ")
          .append(each.rows())
          .append(" rows at offset ")
          .append(each.offset())
          .append('\n');
      for (String part : each.skipped()) {
        text.append(each.name()).append(": not checked: ").append(part).append('\n');
      }
    }
    print(json, text.toString());
  }

  /** The exit code is that of the last look. */
  private void say(List<Checked> checked) {
    for (Checked each : checked) {
      if (!each.findings().isEmpty() || each.more() > 0) {
        problem(
            new CliException(
                each.name() + ": " + (each.findings().size() + each.more()) + " found"));
      }
      // Who asked for it is not told that all is well.
      for (String part : each.unknown()) {
        problem(new CliException(each.name() + ": could not be checked: " + part));
      }
    }
  }
}
