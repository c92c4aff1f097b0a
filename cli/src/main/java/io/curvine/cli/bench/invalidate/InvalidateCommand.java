/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.invalidate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.CliException;
import io.curvine.cli.bench.LocalBench;
import io.curvine.cli.bench.MountWatch;
import io.curvine.cli.bench.invalidate.InvalidateRun.Outcome;
import io.curvine.cli.command.OptionPairs;
import io.curvine.cli.config.Units;
import io.curvine.cli.local.LocalBed;
import io.curvine.cli.output.Json;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine bench invalidate}: how long old bytes are read after a change at the UFS. */
@Command(
    name = "invalidate",
    description = {
      "Start three masters, a worker and a mount of their own, replace files at the UFS behind Curvine's back",
      "again and again, and read each through the mount until its new content comes. Needs root and FUSE.",
      "With --source=kafka and no --ufs, these are objects of an S3 server, told of through a real broker of",
      "Kafka; the jars of both: mvn -pl chaos-tests/s3-proxy,chaos-tests/kafka-broker compile."
    },
    mixinStandardHelpOptions = true)
public final class InvalidateCommand extends LocalBench {
  private static final double MICROS_PER_MILLI = 1e3;
  private static final String MOUNTED = "/data";
  private static final String KAFKA = "kafka";
  private static final String NONE = "none";
  private static final int FILES_MAX = 10_000;
  private static final int SIZE_MAX_BYTES = 16 << 20;

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many. Default: ${DEFAULT-VALUE}.")
  private int changes;

  @Option(
      names = "--files",
      paramLabel = "N",
      defaultValue = "100",
      description = "Among which they are spread, all cached. Default: ${DEFAULT-VALUE}.")
  private int files;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      defaultValue = "64KiB",
      description = "Of a file, up to 16MiB. Default: ${DEFAULT-VALUE}.")
  private String size;

  @Option(
      names = "--ufs",
      paramLabel = "UFS",
      description =
          "An empty location that may be written to, as of curvine mount. Default: a directory of its"
              + " own.")
  private String ufs;

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "Of the UFS or of the change source, as of curvine mount; can be repeated.")
  private List<String> options = new ArrayList<>();

  @Option(
      names = "--source",
      paramLabel = "KIND",
      description =
          "The change source; none: only the scan. Default: inotify for a directory of its own, else"
              + " none.")
  private String source;

  @Option(
      names = "--scan-interval",
      paramLabel = "TIME",
      defaultValue = "0s",
      description = "Of the reconciling scan; 0s: never. Default: ${DEFAULT-VALUE}.")
  private String scanInterval;

  @Override
  protected void run() throws Exception {
    if (changes < 1) {
      throw usage("--changes is " + changes + "; allowed: from 1");
    }
    if (files < 1 || files > FILES_MAX) {
      throw usage("--files is " + files + "; allowed: 1 to " + FILES_MAX);
    }
    Map<String, String> pairs;
    int bytes;
    long scanMs;
    try {
      pairs = OptionPairs.parse(options);
      bytes = Math.toIntExact(Units.bytes(size));
      scanMs = Units.duration(scanInterval).toMillis();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw usage(e.getMessage());
    }
    if (bytes < Long.BYTES || bytes > SIZE_MAX_BYTES) {
      throw usage("--size is " + size + "; allowed: 8B to 16MiB");
    }
    try (LocalBed bed = start()) {
      if (ufs != null) {
        measure(bed, ufs, pairs, source, (name, length) -> {}, bytes, scanMs);
      } else if (KAFKA.equals(source)) {
        try (ToldBucket bucket = ToldBucket.start(bed.directory())) {
          pairs.putAll(bucket.options());
          measure(bed, bucket.location(), pairs, source, bucket::written, bytes, scanMs);
        }
      } else {
        Path own = Files.createTempDirectory("curvine-bench-ufs-");
        try {
          String kind = source != null ? source : "inotify";
          measure(bed, own.toString(), pairs, kind, (name, length) -> {}, bytes, scanMs);
        } finally {
          FileTrees.delete(own);
        }
      }
    }
  }

  private void measure(
      LocalBed bed,
      String at,
      Map<String, String> pairs,
      String kind,
      InvalidateRun.Told told,
      int bytes,
      long scanMs)
      throws IOException, InterruptedException {
    UfsRegistry registry = UfsRegistry.load();
    String location = registry.normalise(at);
    boolean sourced = kind != null && !kind.equals(NONE);
    var unused = bed.startWorker(0);
    ClientConfig config =
        global().clientConfig(HostPort.parseList(bed.masterRpcs()), commandName());
    try (UnderFileSystem store = registry.open(location, pairs);
        CurvineClient client = CurvineClient.connect(config);
        MountWatch watch = new MountWatch(config.masters(), MOUNTED)) {
      Path mountPoint = bed.startMount();
      Mount.Builder mount =
          Mount.newBuilder()
              .setPath(MOUNTED)
              .setUri(location)
              .setMode(MountMode.CACHE)
              .setScanIntervalMs(scanMs)
              .putAllOptions(pairs);
      if (sourced) {
        mount.addSources(kind);
      }
      var made = client.namespace().mount(mount.build());
      say("mounted " + made.getUri() + " with " + (sourced ? kind : "no source"));
      if (sourced) {
        watch.awaitFollowing();
      }
      InvalidateRun run =
          new InvalidateRun(store, told, Path.of(mountPoint + MOUNTED), files, bytes);
      run.prepare();
      show(run.run(changes), sourced ? kind : "");
    }
  }

  private void show(Outcome outcome, String kind) throws IOException {
    Histogram delays = outcome.delayMicros();
    ObjectNode json =
        Json.object()
            .put("source", kind)
            .put("changes", delays.getTotalCount())
            .put("files", files)
            .put("millisP50", delays.getValueAtPercentile(50) / MICROS_PER_MILLI)
            .put("millisP90", delays.getValueAtPercentile(90) / MICROS_PER_MILLI)
            .put("millisP99", delays.getValueAtPercentile(99) / MICROS_PER_MILLI)
            .put("millisMax", delays.getMaxValue() / MICROS_PER_MILLI)
            .put("oldReads", outcome.oldReads())
            .put("failedReads", outcome.failedReads())
            .put("mixedReads", outcome.mixedReads())
            .put("wentBack", outcome.wentBack());
    show(
        json,
        String.format(
            Locale.ROOT,
            "%n%d changes of %d files of %s, told by %s%n"
                + "new bytes after: p50 %.1f ms, p90 %.1f, p99 %.1f, max %.1f%n"
                + "reads meanwhile: %d of old bytes, %d failed; of two versions at once: %d, of an old"
                + " one after the new: %d%n",
            delays.getTotalCount(),
            files,
            size,
            kind.isEmpty() ? "the scan" : kind,
            delays.getValueAtPercentile(50) / MICROS_PER_MILLI,
            delays.getValueAtPercentile(90) / MICROS_PER_MILLI,
            delays.getValueAtPercentile(99) / MICROS_PER_MILLI,
            delays.getMaxValue() / MICROS_PER_MILLI,
            outcome.oldReads(),
            outcome.failedReads(),
            outcome.mixedReads(),
            outcome.wentBack()));
    if (outcome.mixedReads() > 0 || outcome.wentBack() > 0) {
      throw new CliException(
          "a reader got bytes that no version has, or older ones after newer ones");
    }
  }
}
