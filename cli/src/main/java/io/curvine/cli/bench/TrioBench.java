/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.cli.Action;
import io.curvine.cli.bench.Verification.Verdict;
import io.curvine.cli.local.LocalTrio;
import io.curvine.cli.node.Foreground;
import io.curvine.cli.output.Json;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** A measurement with three masters of its own, under a load of creates; they go with it. */
abstract class TrioBench extends Action {
  private static final int DIRECTORIES = 40;
  private static final int CONCURRENCY_MAX = 4096;

  @Option(
      names = "--local-dir",
      paramLabel = "DIR",
      description = "Where the masters' directory is made. Default: /tmp.")
  private Path localDirectory = Path.of(System.getProperty("java.io.tmpdir"));

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the result there as JSON too.")
  private Path report;

  /**
   * What a measurement works with.
   *
   * @param files none yet
   */
  record Cluster(
      LocalTrio trio,
      List<HostPort> masters,
      CurvineClient client,
      Directories directories,
      BenchFiles files) {
    BenchTree tree() {
      return new BenchTree(directories, files, 0);
    }

    /** Lists everything, and compares it with what was acknowledged. */
    Verdict verify() throws IOException {
      return new Verification(client.namespace()::list, directories, files).run();
    }
  }

  /** Refuses options that cannot be meant, before anything starts. */
  abstract void check();

  /** Measures, and shows it. */
  abstract void measure(Cluster cluster) throws IOException, InterruptedException;

  @Override
  protected final void run() throws Exception {
    check();
    Path launcher = MetaCommand.launcher();
    try (LocalTrio trio = LocalTrio.start(launcher, global(), localDirectory, this::say)) {
      Foreground.closeAtExit("local masters", trio);
      trio.keepRunning();
      List<HostPort> masters = HostPort.parseList(trio.masterRpcs());
      ClientConfig config = global().clientConfig(masters, commandName());
      try (CurvineClient client = CurvineClient.connect(config)) {
        Directories directories = Directories.make(client.namespace(), "", DIRECTORIES, false);
        BenchFiles files = new BenchFiles(0, Long.MAX_VALUE);
        measure(new Cluster(trio, masters, client, directories, files));
      }
    }
  }

  final void checkConcurrency(int concurrency) {
    if (concurrency < 1 || concurrency > CONCURRENCY_MAX) {
      throw usage("--concurrency is " + concurrency + "; allowed: 1 to " + CONCURRENCY_MAX);
    }
  }

  final Duration time(String option, String text) {
    try {
      return MetaOptions.time(option, text);
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  /** Writes the report, and prints the result in the form that is wanted. */
  final void show(JsonNode json, String text) throws IOException {
    if (report != null) {
      Files.writeString(report, Json.document(json) + "\n");
    }
    print(json, text);
  }

  final void say(String event) {
    PrintWriter to = global().json() ? err() : out();
    to.println("curvine: " + event);
    to.flush();
  }
}
