/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.CliException;
import io.curvine.cli.bench.LocalBench;
import io.curvine.cli.local.LocalBed;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.client.ClientConfig;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountChange;
import io.curvine.protocol.proto.ScanSync;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine bench reconcile}: what a scan that finds nothing costs, and its readers. */
@Command(
    name = "reconcile",
    description = {
      "Start three masters, a worker and a bucket of many small objects that is served from memory, list",
      "all of it, and have it scanned while nothing changes: how many calls and how long that takes, and",
      "how cached objects are read meanwhile, in turn with no scan."
    },
    mixinStandardHelpOptions = true)
public final class ReconcileCommand extends LocalBench {
  private static final int OBJECTS_MAX = 10_000_000;
  private static final int PER_DIRECTORY = 1_000;
  private static final int CACHED_MAX = 1_000;
  private static final int READERS_MAX = 256;
  private static final long ONE_ROUND_MS = 2_000;
  private static final long ALWAYS_MS = 1;
  private static final long LOOK_MS = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Option(
      names = "--objects",
      paramLabel = "N",
      defaultValue = "100000",
      description = "In the bucket, 1000 in each directory. Default: ${DEFAULT-VALUE}.")
  private int objects;

  @Option(
      names = "--readers",
      paramLabel = "N",
      defaultValue = "4",
      description = "Threads that read cached objects. Default: ${DEFAULT-VALUE}.")
  private int readers;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often with and without a scan. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "5s",
      description = "Of each. Default: ${DEFAULT-VALUE}.")
  private String duration;

  /** By the leader's clock; of the scan that was waited for. */
  private long newestBeganNanos;

  /** One scan with nobody reading. */
  private record Scan(NumberedBucket.Calls calls, double seconds) {}

  /** Latencies of readers in one turn of each. */
  private record Round(Histogram without, Histogram with) {
    double ratio() {
      return (double) with.getValueAtPercentile(99) / without.getValueAtPercentile(99);
    }
  }

  @Override
  protected void run() throws Exception {
    if (objects < 1 || objects > OBJECTS_MAX) {
      throw usage("--objects is " + objects + "; allowed: 1 to " + OBJECTS_MAX);
    }
    if (readers < 1 || readers > READERS_MAX) {
      throw usage("--readers is " + readers + "; allowed: 1 to " + READERS_MAX);
    }
    if (rounds < 1 || rounds > 100) {
      throw usage("--rounds is " + rounds + "; allowed: 1 to 100");
    }
    Duration each = time("--duration", duration);
    try (LocalBed cluster = start()) {
      var unused = cluster.startWorker(0);
      ClientConfig config =
          global().clientConfig(HostPort.parseList(cluster.masterRpcs()), commandName());
      NumberedBucket bucket = new NumberedBucket(objects, PER_DIRECTORY);
      try (NumberedBed bed =
          NumberedBed.mount(bucket, config, Mount.newBuilder().setScanIntervalMs(0).build())) {
        bed.list(seen -> {});
        say(String.format(Locale.ROOT, "%,d names are known", objects));
        List<Scan> scans = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
          scans.add(scan(bed));
        }
        List<Round> reads = new ArrayList<>();
        try (CachedReaders reading =
            CachedReaders.start(bed, Math.min(objects, CACHED_MAX), readers)) {
          TimeUnit.NANOSECONDS.sleep(each.toNanos());
          for (int i = 0; i < rounds; i++) {
            reads.add(round(bed, reading, each));
          }
        }
        show(scans, reads, MachineLimits.measure(cluster.directory()));
      }
    }
  }

  private static void setInterval(NumberedBed bed, long millis) throws IOException {
    var unused =
        bed.client()
            .namespace()
            .updateMount(
                NumberedBed.ROOT, MountChange.newBuilder().setScanIntervalMs(millis).build());
  }

  private Scan scan(NumberedBed bed) throws IOException, InterruptedException {
    NumberedBucket.Calls before = bed.bucket().calls();
    ScanSync ended = scanUntilEnd(bed);
    double seconds = (ended.getEndedNanos() - ended.getBeganNanos()) / 1e9;
    Scan scan = new Scan(bed.bucket().calls().since(before), seconds);
    say(String.format(Locale.ROOT, "a scan: %,d calls, %.2f s", scan.calls.all(), scan.seconds));
    return scan;
  }

  /** Waits for the end of a round that begins from now on, and has no other begin. */
  private ScanSync scanUntilEnd(NumberedBed bed) throws IOException, InterruptedException {
    long before = newestBeganNanos;
    setInterval(bed, ONE_ROUND_MS);
    long end = System.nanoTime() + PATIENCE.toNanos();
    ScanSync now = bed.sync().getScan();
    while (now.getBeganNanos() <= before // also 0, where the leader knows of no round
        || now.getRunning()
        || now.getEndedNanos() < now.getBeganNanos()) {
      if (System.nanoTime() - end > 0) {
        throw new CliException("no scan has ended within " + PATIENCE.toMinutes() + " minutes");
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      now = bed.sync().getScan();
    }
    setInterval(bed, 0);
    newestBeganNanos = now.getBeganNanos();
    if (now.getFailed() > 0) {
      throw new CliException("the scan could not look at " + now.getFailed() + " directories");
    }
    return now;
  }

  private Round round(NumberedBed bed, CachedReaders reading, Duration each)
      throws IOException, InterruptedException {
    var unusedEarlier = reading.since();
    TimeUnit.NANOSECONDS.sleep(each.toNanos());
    Histogram without = reading.since();
    NumberedBucket.Calls before = bed.bucket().calls();
    setInterval(bed, ALWAYS_MS);
    while (bed.bucket().calls().since(before).lists() == 0) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
    }
    var unusedAtItsBegin = reading.since();
    TimeUnit.NANOSECONDS.sleep(each.toNanos());
    Histogram with = reading.since();
    NumberedBucket.Calls calls = bed.bucket().calls().since(before);
    setInterval(bed, 0);
    while (bed.sync().getScan().getRunning()) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
    }
    Round round = new Round(without, with);
    say(
        String.format(
            Locale.ROOT,
            "readers: p99 %.2f ms, with scans %.2f (%.2f times), %,d calls meanwhile",
            without.getValueAtPercentile(99) / 1e6,
            with.getValueAtPercentile(99) / 1e6,
            round.ratio(),
            calls.all()));
    return round;
  }

  private void show(List<Scan> scans, List<Round> reads, MachineLimits limits) throws IOException {
    scans.sort(Comparator.comparingDouble(Scan::seconds));
    reads.sort(Comparator.comparingDouble(Round::ratio));
    Scan scan = scans.get(scans.size() / 2);
    Round read = reads.get(reads.size() / 2);
    double least = reads.get(0).ratio();
    double most = reads.get(reads.size() - 1).ratio();
    ObjectNode json =
        Json.object()
            .put("objects", objects)
            .put("calls", scan.calls.all())
            .put("lists", scan.calls.lists())
            .put("seconds", scan.seconds)
            .put("readers", readers)
            .put("p99Ratio", read.ratio())
            .put("p99RatioLeast", least)
            .put("p99RatioMost", most);
    json.set("without", toJson(read.without));
    json.set("with", toJson(read.with));
    json.set("limits", limits.toJson());
    Table table = new Table("READERS", ">READS", ">P50 MS", ">P99 MS", ">TIMES", ">LEAST", ">MOST");
    row(table, "without a scan", read.without, 1, 1, 1);
    row(table, "with scans", read.with, read.ratio(), least, most);
    show(
        json,
        String.format(
            Locale.ROOT,
            "%n%,d objects, unchanged: %,d calls a scan (%,d lists), %.2f s (%.2f to %.2f)%n%s%s",
            objects,
            scan.calls.all(),
            scan.calls.lists(),
            scan.seconds,
            scans.get(0).seconds,
            scans.get(scans.size() - 1).seconds,
            table.render(),
            limits.text()));
  }

  private static void row(
      Table table, String what, Histogram nanos, double times, double least, double most) {
    table.row(
        what,
        String.format(Locale.ROOT, "%,d", nanos.getTotalCount()),
        String.format(Locale.ROOT, "%.3f", nanos.getValueAtPercentile(50) / 1e6),
        String.format(Locale.ROOT, "%.3f", nanos.getValueAtPercentile(99) / 1e6),
        String.format(Locale.ROOT, "%.2f", times),
        String.format(Locale.ROOT, "%.2f", least),
        String.format(Locale.ROOT, "%.2f", most));
  }

  private static ObjectNode toJson(Histogram nanos) {
    return Json.object()
        .put("reads", nanos.getTotalCount())
        .put("millisP50", nanos.getValueAtPercentile(50) / 1e6)
        .put("millisP99", nanos.getValueAtPercentile(99) / 1e6);
  }
}
