/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.bench.Verification.Verdict;
import io.curvine.cli.local.LocalBed;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.util.List;

/** A measurement with three masters of its own, under a load of creates; they go with it. */
abstract class TrioBench extends LocalBench {
  private static final int DIRECTORIES = 40;
  private static final int CONCURRENCY_MAX = 4096;

  /**
   * What a measurement works with.
   *
   * @param files none yet
   */
  record Cluster(
      LocalBed trio,
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
    try (LocalBed trio = start()) {
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
}
