/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.cache;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.bench.LocalBench;
import io.curvine.cli.bench.ProcessMemory;
import io.curvine.cli.local.LocalBed;
import io.curvine.cli.output.Json;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine bench cache}: what a worker of many blocks takes. */
@Command(
    name = "cache",
    description = {
      "Fill a worker of its own with many blocks of 4 KiB, read from it with many threads, look at its",
      "memory meanwhile, kill it, and measure how long its start takes."
    },
    mixinStandardHelpOptions = true)
public final class CacheCommand extends LocalBench {
  private static final int BLOCKS_MAX = 10_000_000;
  private static final int READERS_MAX = 1024;
  private static final double MIB = 1 << 20;

  @Option(
      names = "--blocks",
      paramLabel = "N",
      defaultValue = "100000",
      description = "In the worker, up to 10,000,000. Default: ${DEFAULT-VALUE}.")
  private int blocks;

  @Option(
      names = "--readers",
      paramLabel = "N",
      defaultValue = "32",
      description = "Threads that read, up to 1024. Default: ${DEFAULT-VALUE}.")
  private int readers;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "20s",
      description = "Of the reading. Default: ${DEFAULT-VALUE}.")
  private String duration;

  @Override
  protected void run() throws Exception {
    if (blocks < 1 || blocks > BLOCKS_MAX) {
      throw usage("--blocks is " + blocks + "; allowed: 1 to " + BLOCKS_MAX);
    }
    if (readers < 1 || readers > READERS_MAX) {
      throw usage("--readers is " + readers + "; allowed: 1 to " + READERS_MAX);
    }
    Duration time = time("--duration", duration);
    try (LocalBed bed = start()) {
      long worker = bed.startWorker(0);
      ProcessMemory empty = ProcessMemory.read(worker);
      try (CurvineClient client = connect(bed)) {
        CacheRun run = new CacheRun(client, blocks, this::say);
        run.fill();
        ProcessMemory filled = ProcessMemory.read(worker);
        CacheRun.Read read = run.read(readers, time, worker);
        long began = System.nanoTime();
        bed.restartWorker(0);
        long restart = System.nanoTime() - began;
        show(empty, filled, read, time.toNanos(), restart);
      }
    }
  }

  /** All bytes go through the worker, over TCP, as to a client of another host. */
  private CurvineClient connect(LocalBed bed) throws IOException {
    ClientConfig config =
        global()
            .configuration(List.of("client.local-sockets=false", "client.short-circuit=false"))
            .get(ClientConfig.class);
    return CurvineClient.connect(
        config.withMasters(HostPort.parseList(bed.masterRpcs())).withClientName(commandName()));
  }

  private void show(
      ProcessMemory empty, ProcessMemory filled, CacheRun.Read read, long nanos, long restartNanos)
      throws IOException {
    double seconds = nanos / (double) TimeUnit.SECONDS.toNanos(1);
    long restartMs = TimeUnit.NANOSECONDS.toMillis(restartNanos);
    ObjectNode json =
        Json.object()
            .put("blocks", blocks)
            .put("readers", readers)
            .put("readsPerSecond", read.count() / seconds)
            .put("restartMillis", restartMs);
    json.set("empty", toJson(empty));
    json.set("filled", toJson(filled));
    json.set("readFrom", toJson(read.peak()));
    show(
        json,
        String.format(
            Locale.ROOT,
            "%n%,d blocks of 4 KiB, %d readers: %,.0f reads a second%n"
                + "worker, empty:     %s%n"
                + "worker, filled:    %s%n"
                + "worker, read from: %s%n"
                + "killed and started again, until it serves: %,d ms%n",
            blocks,
            readers,
            read.count() / seconds,
            text(empty),
            text(filled),
            text(read.peak()),
            restartMs));
  }

  private static ObjectNode toJson(ProcessMemory memory) {
    return Json.object()
        .put("residentBytes", memory.resident())
        .put("anonymousBytes", memory.anonymous())
        .put("fileBytes", memory.files())
        .put("sharedBytes", memory.shared());
  }

  private static String text(ProcessMemory memory) {
    return String.format(
        Locale.ROOT,
        "%,.0f MiB resident (%,.0f anonymous, %,.0f of files, %,.0f shared)",
        memory.resident() / MIB,
        memory.anonymous() / MIB,
        memory.files() / MIB,
        memory.shared() / MIB);
  }
}
