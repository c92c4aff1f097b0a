/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.cli.bench.ClientProcess;
import io.curvine.cli.bench.ClientWords;
import io.curvine.cli.bench.CpuClock;
import io.curvine.cli.bench.data.DataRow.Sample;
import io.curvine.cli.local.LocalBed;
import io.curvine.client.CreateOptions;
import io.curvine.client.CurvineClient;
import io.curvine.client.FileWriter;
import io.curvine.client.Refs;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** The measurements, each beside its limit, with processes of their own. For one use. */
final class DataRun implements AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 20;

  /** What is written in turn: a file, those before it that are being freed, and their replicas. */
  private static final int WARMED_FILES = 4;

  private static final String FILE_IN_CLUSTER = "/bench-data";

  /** Where the UFS is mounted. */
  private static final String UFS_IN_CLUSTER = "/bench-ufs";

  private final DataPlan plan;
  private final LocalBed bed;
  private final Consumer<String> progress;
  private final Path file;
  private final ClientProcess limits;
  private final String limitsEndpoint;
  private final ClientProcess client;
  private final List<Long> workers = new ArrayList<>();

  /** Measurements of {@link DataCase#READ_MISS}. */
  private int misses;

  private DataRun(
      DataPlan plan,
      LocalBed bed,
      Consumer<String> progress,
      ClientProcess limits,
      int port,
      ClientProcess client) {
    this.plan = plan;
    this.bed = bed;
    this.progress = progress;
    this.file = file(bed);
    this.limits = limits;
    this.client = client;
    this.limitsEndpoint = new HostPort("127.0.0.1", port).toString();
  }

  private static Path file(LocalBed bed) {
    return bed.directory().resolve("limit-data");
  }

  /**
   * Starts the processes and makes the data.
   *
   * @param options of the client's process
   * @param progress is told what was measured, a line each
   */
  static DataRun start(
      DataPlan plan, LocalBed bed, Path launcher, List<String> options, Consumer<String> progress)
      throws IOException {
    makeFile(file(bed), plan.sizeBytes());
    List<String> data = List.of("--data", file(bed).toString());
    ClientProcess limits = ClientProcess.start(launcher, "data-limits", data);
    ClientProcess client;
    int port;
    try {
      port = limits.await(ClientWords.READY).get(LimitCommand.PORT).asInt();
      client = ClientProcess.start(launcher, "data-client", options);
    } catch (IOException | RuntimeException e) {
      limits.close();
      throw e;
    }
    DataRun run = new DataRun(plan, bed, progress, limits, port, client);
    try {
      client.await(ClientWords.READY);
      run.workers.add(bed.startWorker(0));
      return run;
    } catch (IOException | RuntimeException e) {
      run.close();
      throw e;
    }
  }

  /** Mounts the limits' file, under a name for each measurement: none of them is cached yet. */
  private void mountUfs(CurvineClient cluster) throws IOException {
    Path ufs = Files.createDirectory(bed.directory().resolve("ufs"));
    long asked = plan.cases().stream().filter(each -> each == DataCase.READ_MISS).count();
    for (int i = 0; i < asked * plan.rounds() * DataCase.READ_MISS.threads().size(); i++) {
      Files.createLink(ufs.resolve(nameInUfs(i)), file);
    }
    cluster
        .namespace()
        .mount(
            Mount.newBuilder()
                .setPath(UFS_IN_CLUSTER)
                .setUri(ufs.toUri().toString())
                .setMode(MountMode.CACHE)
                .setReadOnly(true)
                .build());
  }

  private static String nameInUfs(int measurement) {
    return "data-" + measurement;
  }

  private static void makeFile(Path path, long bytes) throws IOException {
    try (FileChannel out =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at = 0; at < bytes; at += CHUNK_BYTES) {
        ByteBuffer chunk = chunk();
        while (chunk.hasRemaining()) {
          out.write(chunk);
        }
      }
      out.force(true);
    }
  }

  private static ByteBuffer chunk() {
    byte[] bytes = new byte[CHUNK_BYTES];
    ThreadLocalRandom.current().nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  /** Makes what the cases read. */
  void fill(CurvineClient cluster) throws IOException {
    if (plan.cases().contains(DataCase.READ_MISS)) {
      mountUfs(cluster);
    }
    try (FileWriter out =
        cluster.create(Refs.path(FILE_IN_CLUSTER), CreateOptions.defaults().withReplicas(1))) {
      for (long at = 0; at < plan.sizeBytes(); at += CHUNK_BYTES) {
        out.write(at, chunk());
      }
    }
  }

  /** Measures everything. */
  List<DataRow> run() throws IOException, InterruptedException {
    List<DataRow> rows = new ArrayList<>();
    for (DataCase alone : List.of(DataCase.PREAD, DataCase.MAPPED)) {
      rows.add(new DataRow(alone, 1, sample(alone, 1), Optional.empty()));
    }
    for (DataCase each : plan.cases()) {
      if (each == DataCase.WRITE_TWO && workers.size() == 1) {
        workers.add(bed.startWorker(1));
      }
      for (int threads : each.threads()) {
        rows.add(measure(each, threads));
      }
    }
    return rows;
  }

  private DataRow measure(DataCase kind, int threads) throws IOException, InterruptedException {
    DataCase limit = kind.comparison().orElseThrow().limit();
    List<DataRow> rounds = new ArrayList<>();
    for (int round = 0; round < plan.rounds(); round++) {
      Sample theirs = sample(limit, threads);
      rounds.add(new DataRow(kind, threads, sample(kind, threads), Optional.of(theirs)));
    }
    rounds.sort(Comparator.comparingDouble(DataRow::ratio));
    DataRow median = rounds.get(rounds.size() / 2);
    progress.accept(
        String.format(
            Locale.ROOT,
            "%s, %d threads: %,.0f MiB/s, %.2f of %s (%.2f to %.2f)",
            kind.word(),
            threads,
            median.sample().figures().mibPerSecond(),
            median.ratio(),
            limit.word(),
            rounds.get(0).ratio(),
            rounds.get(rounds.size() - 1).ratio()));
    return median;
  }

  private Sample sample(DataCase kind, int threads) throws IOException, InterruptedException {
    if (kind == DataCase.READ_COLD) {
      PageCache.drop(bed.cache(0));
    }
    if (kind == DataCase.READ_MISS) {
      PageCache.drop(file);
    }
    if (kind.writes()) {
      PageCache.warm(bed.directory(), WARMED_FILES * plan.sizeBytes());
    }
    DataOrder order =
        new DataOrder(
            kind,
            threads,
            plan.window(),
            place(kind),
            limitsEndpoint,
            plan.sizeBytes(),
            kind.once() ? 0 : plan.warmup().toMillis(),
            plan.duration().toMillis());
    List<Long> servers =
        switch (kind.peer()) {
          case NONE -> List.of();
          case LIMIT -> List.of(limits.pid());
          case WORKERS -> workers;
        };
    List<Long> all = new ArrayList<>(servers);
    all.add(client.pid());
    client.send(ClientWords.RUN, order.toJson());
    client.await(ClientWords.MEASURING);
    CpuClock before = CpuClock.read(all);
    client.await(ClientWords.MEASURED);
    var used = CpuClock.read(all).microsSince(before);
    JsonNode figures = client.await(ClientWords.DONE);
    return new Sample(
        DataFigures.fromJson(figures),
        used.getOrDefault(client.pid(), 0.0),
        servers.stream().mapToDouble(pid -> used.getOrDefault(pid, 0.0)).sum());
  }

  private String place(DataCase kind) {
    if (kind == DataCase.READ_MISS) {
      return UFS_IN_CLUSTER + "/" + nameInUfs(misses++);
    }
    return kind.peer() == DataCase.Peer.WORKERS ? FILE_IN_CLUSTER : file.toString();
  }

  @Override
  public void close() throws IOException {
    try (limits) {
      client.close();
    }
  }
}
