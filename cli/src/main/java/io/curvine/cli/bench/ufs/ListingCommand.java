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
import io.curvine.client.ClientConfig;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Mount;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine bench listing}: the first listing of a large directory. */
@Command(
    name = "listing",
    description = {
      "Start three masters and a bucket with one large directory that is served from memory, and list it",
      "for the first time, a page after the other: how long the first page and all of them take, beside",
      "the same listing without Curvine and a second one through it, and what memory grows to."
    },
    mixinStandardHelpOptions = true)
public final class ListingCommand extends LocalBench {
  private static final int NAMES_MAX = 10_000_000;
  private static final double MIB = 1 << 20;

  @Option(
      names = "--names",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "In the directory. Default: ${DEFAULT-VALUE}.")
  private int names;

  /** When pages came. */
  private record Listed(double firstSeconds, double allSeconds) {}

  @Override
  protected void run() throws Exception {
    if (names < 1 || names > NAMES_MAX) {
      throw usage("--names is " + names + "; allowed: 1 to " + NAMES_MAX);
    }
    try (LocalBed cluster = start()) {
      ClientConfig config =
          global().clientConfig(HostPort.parseList(cluster.masterRpcs()), commandName());
      NumberedBucket bucket = new NumberedBucket(names, names);
      try (NumberedBed bed =
          NumberedBed.mount(bucket, config, Mount.newBuilder().setScanIntervalMs(0).build())) {
        Listed direct = direct(bucket);
        say("listed without Curvine");
        NumberedBucket.Calls before = bucket.calls();
        try (MemoryWatch watch = MemoryWatch.start(cluster.masterPids())) {
          Listed first = list(bed);
          long calls = bucket.calls().since(before).all();
          say("listed for the first time");
          show(direct, first, list(bed), calls, watch, MachineLimits.measure(cluster.directory()));
        }
      }
    }
  }

  private Listed direct(NumberedBucket bucket) throws IOException {
    String directory = bucket.key(0).substring(0, bucket.key(0).lastIndexOf('/'));
    AtomicInteger seen = new AtomicInteger();
    long[] firstAt = new long[1];
    long began = System.nanoTime();
    try (UnderFileSystem store = UfsRegistry.load().open(bucket.location(), bucket.options())) {
      store.list(
          directory,
          child -> {
            if (seen.getAndIncrement() == 0) {
              firstAt[0] = System.nanoTime();
            }
          });
    }
    if (seen.get() != names) {
      throw new CliException("the store lists " + seen + " names; it has " + names);
    }
    return new Listed((firstAt[0] - began) / 1e9, (System.nanoTime() - began) / 1e9);
  }

  private static Listed list(NumberedBed bed) throws IOException {
    long[] firstAt = new long[1];
    long began = System.nanoTime();
    bed.list(
        seen -> {
          if (firstAt[0] == 0) {
            firstAt[0] = System.nanoTime();
          }
        });
    return new Listed((firstAt[0] - began) / 1e9, (System.nanoTime() - began) / 1e9);
  }

  private void show(
      Listed direct,
      Listed first,
      Listed again,
      long calls,
      MemoryWatch watch,
      MachineLimits limits)
      throws IOException {
    ObjectNode json = Json.object().put("names", names).put("calls", calls);
    json.set("direct", toJson(direct));
    json.set("first", toJson(first));
    json.set("again", toJson(again));
    json.put("masterResidentBytesBefore", watch.mastersBefore().resident())
        .put("masterResidentBytesMost", watch.mastersMost().resident())
        .put("masterAnonymousBytesBefore", watch.mastersBefore().anonymous())
        .put("masterAnonymousBytesMost", watch.mastersMost().anonymous())
        .put("clientHeapBytesBefore", watch.heapBefore())
        .put("clientHeapBytesMost", watch.heapMost());
    json.set("limits", limits.toJson());
    show(
        json,
        String.format(
            Locale.ROOT,
            "%n%,d names, %,d calls%n"
                + "without Curvine: first page after %.3f s, all after %.2f s (%,.0f a second)%n"
                + "first listing:   first page after %.3f s, all after %.2f s (%,.0f a second)%n"
                + "second listing:  first page after %.3f s, all after %.2f s (%,.0f a second)%n"
                + "the largest master: %,.0f MiB resident (%,.0f anonymous), before %,.0f (%,.0f)%n"
                + "heap of the client and the bucket: %,.0f MiB, before %,.0f%n%s",
            names,
            calls,
            direct.firstSeconds,
            direct.allSeconds,
            names / direct.allSeconds,
            first.firstSeconds,
            first.allSeconds,
            names / first.allSeconds,
            again.firstSeconds,
            again.allSeconds,
            names / again.allSeconds,
            watch.mastersMost().resident() / MIB,
            watch.mastersMost().anonymous() / MIB,
            watch.mastersBefore().resident() / MIB,
            watch.mastersBefore().anonymous() / MIB,
            watch.heapMost() / MIB,
            watch.heapBefore() / MIB,
            limits.text()));
  }

  private static ObjectNode toJson(Listed listed) {
    return Json.object()
        .put("firstPageSeconds", listed.firstSeconds)
        .put("seconds", listed.allSeconds);
  }
}
