/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.bench.LocalBench;
import io.curvine.cli.local.LocalBed;
import io.curvine.cli.output.Json;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine bench data}: how fast bytes come and go, beside what the machine can do. */
@Command(
    name = "data",
    description = {
      "Measure reads and writes through a worker of its own, each in turn with the limit of the machine",
      "that it is compared with."
    },
    mixinStandardHelpOptions = true)
public final class DataCommand extends LocalBench {
  @Option(
      names = "--cases",
      paramLabel = "CASE,...",
      completionCandidates = DataCase.Words.class,
      description = "Of ${COMPLETION-CANDIDATES}. Default: all.")
  private String cases = DataCase.words(DataCase.ours());

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      defaultValue = "1GiB",
      description =
          "Of the file that is read; n times 64MiB up to 1GiB. Default: ${DEFAULT-VALUE}.")
  private String size;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "Of each case and its limit in turn; the one with the median ratio is shown."
              + " Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--window",
      paramLabel = "N",
      defaultValue = "8",
      description =
          "Requests that the limits of sequential reads and of writes keep open in a thread."
              + " Default: ${DEFAULT-VALUE}.")
  private int window;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      defaultValue = "1s",
      description = "Before each measurement. Default: ${DEFAULT-VALUE}.")
  private String warmup;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "3s",
      description = "Of each measurement. Default: ${DEFAULT-VALUE}.")
  private String duration;

  @Override
  protected void run() throws Exception {
    DataPlan plan = plan();
    try (LocalBed bed = start()) {
      List<String> options = new ArrayList<>(List.of("--masters", bed.masterRpcs()));
      options.addAll(global().configurationOptions());
      try (DataRun run = DataRun.start(plan, bed, launcher(), options, this::say);
          CurvineClient client =
              CurvineClient.connect(
                  global().clientConfig(HostPort.parseList(bed.masterRpcs()), commandName()))) {
        run.fill(client);
        show(plan, run.run());
      }
    }
  }

  private DataPlan plan() {
    try {
      return new DataPlan(
          Arrays.stream(cases.split(",", -1)).map(String::trim).map(DataCase::parse).toList(),
          bytes("--size", size, "256MiB, 1GiB"),
          rounds,
          window,
          time("--warmup", warmup),
          time("--duration", duration));
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private void show(DataPlan plan, List<DataRow> rows) throws IOException {
    ObjectNode json =
        Json.object()
            .put("processors", Runtime.getRuntime().availableProcessors())
            .put("java", Runtime.version().toString())
            .put("sizeBytes", plan.sizeBytes())
            .put("rounds", plan.rounds())
            .put("window", plan.window());
    ArrayNode array = json.putArray("rows");
    rows.forEach(row -> array.add(row.toJson()));
    show(json, "\n" + DataTable.render(rows));
  }
}
