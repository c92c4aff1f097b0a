/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import io.curvine.cli.bench.LocalBench;
import io.curvine.cli.config.Units;
import io.curvine.cli.local.LocalBed;
import io.curvine.cli.output.Json;
import io.curvine.client.ClientConfig;
import io.curvine.protocol.net.HostPort;
import io.curvine.ufs.testing.S3Server;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** A measurement that does the same by Curvine and by the SDK, in turn, on a bed of its own. */
abstract class ComparedBench extends LocalBench {
  static final int CONCURRENCY_MAX = 256;
  private static final Duration LATENCY_MAX = Duration.ofSeconds(10);
  private static final long SPEED_MAX_BYTES = 100L << 30;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often each. Default: ${DEFAULT-VALUE}.")
  int rounds;

  @Option(
      names = "--warmup-rounds",
      paramLabel = "N",
      defaultValue = "2",
      description = "Before, for code that is not compiled yet. Default: ${DEFAULT-VALUE}.")
  int warmupRounds;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "16",
      description = "Objects under way at a time. Default: ${DEFAULT-VALUE}.")
  int concurrency;

  @Option(
      names = "--store-latency",
      paramLabel = "TIME",
      defaultValue = "0s",
      description = {
        "Of each request to the S3 server, before its first byte, up to 10s; stores in the cloud have",
        "10ms to 200ms. Default: ${DEFAULT-VALUE}."
      })
  String storeLatency;

  @Option(
      names = "--store-speed",
      paramLabel = "SIZE",
      description = {
        "Bytes a second of each answer of the S3 server, at most; those in the cloud have about 85MiB",
        "for a connection. Default: as fast as it goes."
      })
  String storeSpeed;

  /** Refuses options that cannot be meant, before anything starts. */
  abstract void check();

  /** Measures all. */
  abstract List<Compared> measure(LocalBed cluster, UfsBed bed)
      throws IOException, InterruptedException;

  @Override
  protected final void run() throws Exception {
    if (rounds < 1 || rounds > 100) {
      throw usage("--rounds is " + rounds + "; allowed: 1 to 100");
    }
    if (warmupRounds < 0 || warmupRounds > 100) {
      throw usage("--warmup-rounds is " + warmupRounds + "; allowed: 0 to 100");
    }
    if (concurrency < 1 || concurrency > CONCURRENCY_MAX) {
      throw usage("--concurrency is " + concurrency + "; allowed: 1 to " + CONCURRENCY_MAX);
    }
    S3Server.Distance distance = distance();
    check();
    try (LocalBed cluster = start()) {
      ClientConfig config =
          global().clientConfig(HostPort.parseList(cluster.masterRpcs()), commandName());
      try (UfsBed bed = UfsBed.start(cluster, config, distance)) {
        List<Compared> all = measure(cluster, bed);
        MachineLimits limits = MachineLimits.measure(cluster.directory());
        var json =
            Json.object()
                .put("concurrency", concurrency)
                .put("rounds", rounds)
                .put("storeLatencyMs", distance.latency().toMillis())
                .put("storeBytesPerSecond", distance.bytesPerSecond());
        json.set("limits", limits.toJson());
        json.set("compared", Compared.toJson(all));
        show(json, "\n" + Compared.render(all) + limits.text());
      }
    }
  }

  private S3Server.Distance distance() {
    Duration latency;
    try {
      latency = Units.duration(storeLatency);
    } catch (IllegalArgumentException e) {
      throw usage("--store-latency: " + e.getMessage());
    }
    if (latency.compareTo(LATENCY_MAX) > 0) {
      throw usage("--store-latency is " + storeLatency + "; allowed: 0s to 10s");
    }
    long speed = storeSpeed == null ? 0 : size("--store-speed", storeSpeed, SPEED_MAX_BYTES);
    return new S3Server.Distance(latency, speed);
  }

  final int allRounds() {
    return warmupRounds + rounds;
  }

  /** Reads the value of an option that is a size. */
  final long size(String option, String text, long max) {
    long bytes;
    try {
      bytes = Units.bytes(text);
    } catch (IllegalArgumentException e) {
      throw usage(option + ": " + e.getMessage());
    }
    if (bytes < 1 || bytes > max) {
      throw usage(option + " is " + text + "; allowed: 1B to " + Units.showBytes(max));
    }
    return bytes;
  }
}
