/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.bench.LocalBench;
import io.curvine.cli.bench.feed.FeedBroker;
import io.curvine.cli.bench.ufs.EventsRun.Outcome;
import io.curvine.cli.bench.ufs.EventsRun.Window;
import io.curvine.cli.local.LocalBed;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.client.ClientConfig;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Mount;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine bench events}: how many notifications the leader takes in. */
@Command(
    name = "events",
    description = {
      "Start three masters, a real broker of Kafka and a bucket of small objects that is served from",
      "memory, all names of which are known, and send notifications of its objects at a rate. Some of the",
      "objects did change; at the end all of these have to be known at their last version. The broker's",
      "jars: mvn -pl chaos-tests/kafka-broker process-resources."
    },
    mixinStandardHelpOptions = true)
public final class EventsCommand extends LocalBench {
  private static final String TOPIC = "bucket-events";
  private static final int OBJECTS_MAX = 10_000_000;
  private static final int PER_DIRECTORY = 1_000;
  private static final int RATE_MAX = 1_000_000;
  private static final int WARMUP_MAX = 3_600;

  @Option(
      names = "--objects",
      paramLabel = "N",
      defaultValue = "100000",
      description = "In the bucket, 1000 in each directory. Default: ${DEFAULT-VALUE}.")
  private int objects;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Notifications a second. Default: ${DEFAULT-VALUE}.")
  private int rate;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "30",
      description = "Of that. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "Seconds of the same before, for code that is not compiled yet; 0: none."
              + " Default: ${DEFAULT-VALUE}.")
  private int warmup;

  @Option(
      names = "--changed",
      paramLabel = "PERCENT",
      defaultValue = "5",
      description =
          "Of the notifications, before which the object changed. Default: ${DEFAULT-VALUE}.")
  private double changed;

  @Override
  protected void run() throws Exception {
    check("--objects", objects, 1, OBJECTS_MAX);
    check("--rate", rate, 1, RATE_MAX);
    check("--seconds", seconds, 1, WARMUP_MAX);
    check("--warmup", warmup, 0, WARMUP_MAX);
    if (!(changed >= 0 && changed <= 100)) {
      throw usage("--changed is " + changed + "; allowed: 0 to 100");
    }
    try (LocalBed cluster = start();
        FeedBroker broker = FeedBroker.start(cluster.directory())) {
      broker.makeTopic(TOPIC);
      ClientConfig config =
          global().clientConfig(HostPort.parseList(cluster.masterRpcs()), commandName());
      Mount mount =
          Mount.newBuilder()
              .setScanIntervalMs(0)
              .addSources("kafka")
              .putOptions("kafka.bootstrap", broker.bootstrap())
              .putOptions("kafka.topic", TOPIC)
              .build();
      NumberedBucket bucket = new NumberedBucket(objects, PER_DIRECTORY);
      try (NumberedBed bed = NumberedBed.mount(bucket, config, mount)) {
        bed.list(seen -> {});
        say(String.format(Locale.ROOT, "%,d names are known", objects));
        bed.watch().awaitFollowing();
        say("the source is followed");
        if (warmup > 0) {
          var unused =
              new EventsRun(bed, cluster.masterPids(), rate, changed / 100)
                  .run(broker, TOPIC, warmup, window -> {});
          say("warm");
        }
        Outcome outcome =
            new EventsRun(bed, cluster.masterPids(), rate, changed / 100)
                .run(broker, TOPIC, seconds, this::say);
        show(outcome, MachineLimits.measure(cluster.directory()));
      }
    }
  }

  private void check(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw usage(option + " is " + value + "; allowed: " + min + " to " + max);
    }
  }

  private void say(Window window) {
    say(
        String.format(
            Locale.ROOT,
            "%.0f s: %,.0f a second sent, %,.0f taken in, %,d behind",
            window.seconds(),
            window.sentPerSecond(),
            window.takenPerSecond(),
            window.lag()));
  }

  private void show(Outcome outcome, MachineLimits limits) throws IOException {
    double growth = outcome.growthPerSecond();
    ObjectNode json =
        Json.object()
            .put("rate", rate)
            .put("seconds", seconds)
            .put("changedPercent", changed)
            .put("changedObjects", outcome.changed())
            .put("lagGrowthPerSecond", growth)
            .put("drainSeconds", outcome.drainSeconds())
            .put("heads", outcome.calls().heads())
            .put("lists", outcome.calls().lists());
    ArrayNode windows = json.putArray("windows");
    Table table =
        new Table(">AFTER S", ">SENT/S", ">TAKEN IN/S", ">LAG", ">AT THE SOURCE", ">MASTERS' CPUS");
    for (Window each : outcome.windows()) {
      windows
          .addObject()
          .put("seconds", each.seconds())
          .put("sentPerSecond", each.sentPerSecond())
          .put("takenPerSecond", each.takenPerSecond())
          .put("lag", each.lag())
          .put("behind", each.behind())
          .put("masterProcessors", each.masterProcessors());
      table.row(
          String.format(Locale.ROOT, "%.1f", each.seconds()),
          String.format(Locale.ROOT, "%,.0f", each.sentPerSecond()),
          String.format(Locale.ROOT, "%,.0f", each.takenPerSecond()),
          String.format(Locale.ROOT, "%,d", each.lag()),
          each.behind() < 0 ? "-" : String.format(Locale.ROOT, "%,d", each.behind()),
          String.format(Locale.ROOT, "%.2f", each.masterProcessors()));
    }
    json.set("limits", limits.toJson());
    show(
        json,
        String.format(
            Locale.ROOT,
            "%n%slag grows by %,.0f a second; all taken in %.1f s after the last was sent%n"
                + "%,d objects changed, all known at their last version; %,d looks at the bucket, %,d"
                + " lists%n%s",
            table.render(),
            growth,
            outcome.drainSeconds(),
            outcome.changed(),
            outcome.calls().heads(),
            outcome.calls().lists(),
            limits.text()));
  }
}
