/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.state;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.admin.AdminClient;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.client.ClientConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin state hash}. */
@Command(
    name = "hash",
    description = {
      "Digest the state, family by family, and compare. Without directories: every master's, at the",
      "same entry. With directories: those of stopped masters, snapshots or replayed states. The",
      "exit code is 1 where any differ; then the first key that does is named."
    },
    mixinStandardHelpOptions = true)
public final class StateHash extends Action {
  private static final int HASH_DIGITS = 16;

  @Parameters(arity = "0..*", paramLabel = "DIR")
  private List<Path> directories = List.of();

  @Option(
      names = "--at",
      paramLabel = "OFFSET",
      description =
          "The state at this offset: of directories by a replay from the nearest snapshot, of"
              + " masters once they are there; they refuse one that they have passed.")
  private Long at;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description = "How long to wait for the masters. Default: ${DEFAULT-VALUE}.")
  private int timeoutSeconds;

  @Override
  protected void run() throws IOException {
    if (at != null && at < 0) {
      throw usage("--at is " + at + "; allowed: 0 or more");
    }
    if (directories.isEmpty()) {
      live();
    } else {
      try (OfflineHash offline = new OfflineHash(at)) {
        List<Hashed> all = new ArrayList<>();
        for (Path directory : directories) {
          all.add(offline.hash(directory));
        }
        show(all);
        sayOffsets(all);
        for (String difference : offline.differences()) {
          problem(new CliException(difference));
        }
      }
    }
  }

  /** States of different offsets differ for no other reason, as far as anybody can tell. */
  private void sayOffsets(List<Hashed> all) {
    if (all.stream().mapToLong(Hashed::offset).distinct().count() > 1) {
      problem(
          new CliException(
              all.stream()
                      .map(each -> each.name() + " is at offset " + each.offset())
                      .collect(Collectors.joining(", "))
                  + ": not the same state; --at OFFSET compares them at one"));
    }
  }

  private void live() throws IOException {
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      LiveHash live =
          new LiveHash(client, System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds));
      List<Hashed> all = live.hash(at);
      show(all);
      live.unreachable().forEach(id -> problem(new CliException(id + " does not answer")));
      for (String family : Hashed.differences(all)) {
        problem(new CliException("family " + family + " differs: " + live.firstDifference(family)));
      }
    }
  }

  private void show(List<Hashed> all) {
    ObjectNode json = Json.object();
    List<String> differing = Hashed.differences(all);
    ArrayNode names = json.put("equal", differing.isEmpty()).putArray("differing");
    differing.forEach(names::add);
    ArrayNode states = json.putArray("states");
    Table table = new Table("STATE", ">OFFSET", "FAMILY", ">KEYS", ">BYTES", "SHA-256", "COMPARED");
    for (Hashed one : all) {
      ObjectNode state = states.addObject().put("state", one.name()).put("offset", one.offset());
      ObjectNode families = state.putObject("families");
      Map<String, Hashed.Family> ordered = new TreeMap<>(one.families());
      ordered.forEach(
          (name, family) -> {
            families
                .putObject(name)
                .put("keys", family.keys())
                .put("bytes", family.bytes())
                .put("sha256", family.sha256())
                .put("folded", family.folded());
            table.row(
                one.name(),
                one.offset(),
                name,
                family.keys(),
                family.bytes(),
                family.sha256().substring(0, HASH_DIGITS),
                compared(name, family, differing));
          });
    }
    print(json, table.render());
  }

  private static String compared(String name, Hashed.Family family, List<String> differing) {
    if (!family.folded()) {
      return "no: not of events";
    }
    return differing.contains(name) ? "DIFFERS" : "equal";
  }
}
