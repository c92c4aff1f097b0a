/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.CliException;
import io.curvine.cli.bench.feed.FeedBroker;
import io.curvine.cli.bench.feed.FeedDelay;
import io.curvine.cli.bench.feed.FeedReader;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.client.Refs;
import io.curvine.protocol.proto.ClusterStatus;
import io.curvine.protocol.proto.CreateFile;
import io.curvine.protocol.proto.MasterStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine bench feed}. */
@Command(
    name = "feed",
    description = {
      "Start three masters and a real broker of Kafka, and compare how fast Kafka's consumer reads the",
      "same records from both, in turn, and how long after its acknowledgement a mutation reaches a",
      "consumer that follows. The broker's jars: mvn -pl chaos-tests/kafka-broker process-resources."
    },
    mixinStandardHelpOptions = true)
final class FeedCommand extends TrioBench {
  private static final double MIB = 1 << 20;
  private static final String DELAYS = "delays";
  private static final int VALUE_BYTES = 280;
  private static final long GROWN_MAX = 1_000;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "Events in the journal that is read. Default: ${DEFAULT-VALUE}.",
      defaultValue = "5000000")
  private long events;

  @Option(
      names = "--topics",
      paramLabel = "TOPIC,...",
      split = ",",
      description = "Which are read. Default: ${DEFAULT-VALUE}.",
      defaultValue = "curvine.journal,curvine.changes")
  private List<String> topics;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each topic is read from each server. Default: ${DEFAULT-VALUE}.",
      defaultValue = "3")
  private int rounds;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Mutations a second while delays are measured. Default: ${DEFAULT-VALUE}.",
      defaultValue = "5000")
  private int rate;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Of that; 0: delays are not measured. Default: ${DEFAULT-VALUE}.",
      defaultValue = "20")
  private int seconds;

  @Override
  void check() {
    if (events < 1_000) {
      throw usage("--events is " + events + "; allowed: 1000 or more");
    }
    if (rounds < 1 || rounds > 100) {
      throw usage("--rounds is " + rounds + "; allowed: 1 to 100");
    }
    if (rate < 1 || rate > 100_000) {
      throw usage("--rate is " + rate + "; allowed: 1 to 100000");
    }
    if (seconds < 0 || seconds > 3_600) {
      throw usage("--seconds is " + seconds + "; allowed: 0 to 3600");
    }
  }

  /** How a topic was read from both. */
  private record Reading(
      String topic, List<FeedReader.Pass> masters, List<FeedReader.Pass> broker) {
    static double median(List<FeedReader.Pass> passes) {
      double[] sorted =
          passes.stream().mapToDouble(FeedReader.Pass::recordsPerSecond).sorted().toArray();
      int middle = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double ratio() {
      return median(masters) / median(broker);
    }
  }

  @Override
  void measure(Cluster cluster) throws IOException, InterruptedException {
    ClusterStatus status = cluster.client().namespace().status();
    String feeds =
        status.getMastersList().stream()
            .map(MasterStatus::getFeed)
            .collect(Collectors.joining(","));
    fill(cluster);
    ObjectNode json = Json.object();
    StringBuilder text = new StringBuilder("\n");
    try (FeedBroker broker = FeedBroker.start(cluster.trio().directory())) {
      List<Reading> readings = new ArrayList<>();
      for (String topic : topics) {
        readings.add(read(feeds, topic, broker));
      }
      text.append(show(readings, json));
      if (seconds > 0) {
        text.append('\n').append(show(delays(cluster, feeds, broker), json));
      }
    }
    show(json, text.toString());
  }

  private void fill(Cluster cluster) throws IOException, InterruptedException {
    say(String.format(Locale.ROOT, "making %,d events", events));
    BatchOperations batches = new BatchOperations(cluster.client().namespace(), cluster.tree());
    long next = cluster.client().namespace().status().getNextOffset();
    while (next < events) {
      // A create may be one event or two.
      long files = cluster.files().count() + Math.max(1_000, (events - next) / 2);
      double perSecond = Fill.run(batches, cluster.files(), files);
      next = cluster.client().namespace().status().getNextOffset();
      say(String.format(Locale.ROOT, "%,d events, %,.0f files a second", next, perSecond));
    }
  }

  private Reading read(String feeds, String topic, FeedBroker broker)
      throws IOException, InterruptedException {
    FeedReader.Pass first = FeedReader.readAll(feeds, topic);
    say(
        String.format(
            Locale.ROOT,
            "%s: %,d records of %d bytes; the first reader ever got %,.0f a second",
            topic,
            first.records(),
            first.bytes() / Math.max(1, first.records()),
            first.recordsPerSecond()));
    broker.copy(feeds, topic);
    FeedReader.Pass copied = FeedReader.readAll(broker.bootstrap(), topic);
    // Sessions that open and end are events too, so the journal may have grown a little.
    if (copied.records() < first.records() || copied.records() > first.records() + GROWN_MAX) {
      throw new CliException(
          "the masters gave " + first.records() + " records, the broker " + copied.records());
    }
    List<FeedReader.Pass> masters = new ArrayList<>();
    List<FeedReader.Pass> others = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      masters.add(FeedReader.readAll(feeds, topic));
      others.add(FeedReader.readAll(broker.bootstrap(), topic));
    }
    return new Reading(topic, masters, others);
  }

  private static String show(List<Reading> readings, ObjectNode json) {
    ArrayNode rows = json.putArray("reads");
    Table table =
        new Table("TOPIC", ">RECORDS", "FROM", ">RECORDS/S", ">MIB/S", ">LEAST", ">MOST", ">RATIO");
    for (Reading reading : readings) {
      rows.addObject()
          .put("topic", reading.topic())
          .put("records", reading.masters().get(0).records())
          .put("mastersPerSecond", Reading.median(reading.masters()))
          .put("brokerPerSecond", Reading.median(reading.broker()))
          .put("ratio", reading.ratio());
      row(table, reading.topic(), "masters", reading.masters(), reading.ratio());
      row(table, "", "broker", reading.broker(), 1);
    }
    return table.render();
  }

  private static void row(
      Table table, String topic, String from, List<FeedReader.Pass> passes, double ratio) {
    double median = Reading.median(passes);
    double size = (double) passes.get(0).bytes() / passes.get(0).records();
    table.row(
        topic,
        format("%,d", passes.get(0).records()),
        from,
        format("%,.0f", median),
        format("%.0f", median * size / MIB),
        format(
            "%,.0f",
            passes.stream().mapToDouble(FeedReader.Pass::recordsPerSecond).min().orElse(0)),
        format(
            "%,.0f",
            passes.stream().mapToDouble(FeedReader.Pass::recordsPerSecond).max().orElse(0)),
        format("%.2f", ratio));
  }

  private Map<String, Histogram> delays(Cluster cluster, String feeds, FeedBroker broker)
      throws IOException, InterruptedException {
    Map<String, Histogram> delays = new LinkedHashMap<>();
    say(String.format(Locale.ROOT, "%,d mutations a second for %d s", rate, seconds));
    cluster.client().namespace().mkdir(Refs.path("/" + DELAYS), Operations.MODE_DIRECTORY, false);
    FeedDelay ofMasters = new FeedDelay();
    delays.put(
        "masters",
        ofMasters.run(
            feeds,
            "curvine.changes",
            FeedCommand::isOfDelays,
            (number, done) -> create(cluster, "/" + DELAYS + "/d-" + number, done),
            rate,
            seconds));
    delays.put("masters, from the call", ofMasters.fromCalls());
    broker.makeTopic(DELAYS);
    byte[] value = new byte[VALUE_BYTES];
    try (FeedBroker.Writing writing = broker.write(DELAYS)) {
      FeedDelay ofBroker = new FeedDelay();
      delays.put(
          "broker",
          ofBroker.run(
              broker.bootstrap(),
              DELAYS,
              key -> true,
              (number, done) -> writing.write("d-" + number, value, done),
              rate,
              seconds));
      delays.put("broker, from the call", ofBroker.fromCalls());
    }
    return delays;
  }

  private static boolean isOfDelays(String path) {
    return path.startsWith("/" + DELAYS + "/");
  }

  private static void create(Cluster cluster, String path, FeedDelay.Done done) {
    cluster
        .client()
        .namespace()
        .submit(
            io.curvine.protocol.proto.Command.newBuilder()
                .setCreateFile(
                    CreateFile.newBuilder()
                        .setAt(Refs.path(path))
                        .setMode(Operations.MODE_FILE)
                        .setExclusive(true)
                        .setComplete(true)))
        .whenComplete((result, failure) -> done.acknowledged(path, failure == null));
  }

  private static String show(Map<String, Histogram> delays, ObjectNode json) {
    ArrayNode rows = json.putArray(DELAYS);
    Table table =
        new Table(
            "DELAY OF", ">RECORDS", ">AT ONCE %", ">P50 MS", ">P90", ">P99", ">P99.9", ">MAX");
    delays.forEach(
        (from, histogram) -> {
          rows.addObject()
              .put("from", from)
              .put("records", histogram.getTotalCount())
              .put("atOnce", atOnce(histogram))
              .put("p50Millis", histogram.getValueAtPercentile(50) / 1e6)
              .put("p99Millis", histogram.getValueAtPercentile(99) / 1e6);
          table.row(
              from,
              format("%,d", histogram.getTotalCount()),
              format("%.1f", 100 * atOnce(histogram)),
              RowTable.millis(histogram.getValueAtPercentile(50)),
              RowTable.millis(histogram.getValueAtPercentile(90)),
              RowTable.millis(histogram.getValueAtPercentile(99)),
              RowTable.millis(histogram.getValueAtPercentile(99.9)),
              RowTable.millis(histogram.getMaxValue()));
        });
    return table.render();
  }

  /** The part that was there before its acknowledgement. */
  private static double atOnce(Histogram delays) {
    return (double) delays.getCountAtValue(0) / Math.max(1, delays.getTotalCount());
  }

  private static String format(String pattern, Object value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
