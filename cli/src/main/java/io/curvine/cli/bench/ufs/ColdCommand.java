/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import io.curvine.cli.bench.ufs.Compared.Round;
import io.curvine.cli.config.Units;
import io.curvine.cli.local.LocalBed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine bench cold}: first reads of objects, against the SDK. */
@Command(
    name = "cold",
    description = {
      "Start three masters, a worker and an S3 server of their own, and read objects that nothing is",
      "cached of, neither names nor bytes: through Curvine and by the AWS SDK, in turn, with all bytes",
      "compared. The server's jars: mvn -pl chaos-tests/s3-proxy compile."
    },
    mixinStandardHelpOptions = true)
public final class ColdCommand extends ComparedBench {
  private static final long SIZE_MAX_BYTES = 16L << 30;
  private static final int OBJECTS_MAX = 100_000;

  @Option(
      names = "--sizes",
      paramLabel = "SIZE,...",
      split = ",",
      description = "Of objects, up to 16GiB. Default: ${DEFAULT-VALUE}.",
      defaultValue = "4KiB,1MiB,1GiB")
  private List<String> sizes;

  @Option(
      names = "--turn-bytes",
      paramLabel = "SIZE",
      description = "Read in a turn, if it takes no more objects. Default: ${DEFAULT-VALUE}.",
      defaultValue = "256MiB")
  private String turnBytes;

  @Option(
      names = "--turn-objects",
      paramLabel = "N",
      description = "Read in a turn at most. Default: ${DEFAULT-VALUE}.",
      defaultValue = "2000")
  private int turnObjects;

  @Override
  void check() {
    sizes.forEach(size -> size("--sizes", size, SIZE_MAX_BYTES));
    var unused = size("--turn-bytes", turnBytes, SIZE_MAX_BYTES);
    if (turnObjects < 1 || turnObjects > OBJECTS_MAX) {
      throw usage("--turn-objects is " + turnObjects + "; allowed: 1 to " + OBJECTS_MAX);
    }
  }

  @Override
  List<Compared> measure(LocalBed cluster, UfsBed bed) throws IOException, InterruptedException {
    for (String each : sizes) {
      bed.makeDirectories(
          IntStream.range(0, allRounds()).mapToObj(round -> directory(each, round)).toList());
    }
    List<Compared> all = new ArrayList<>();
    for (String each : sizes) {
      long bytes = size("--sizes", each, SIZE_MAX_BYTES);
      long fitting = size("--turn-bytes", turnBytes, SIZE_MAX_BYTES) / bytes;
      int objects = (int) Math.max(1, Math.min(turnObjects, fitting));
      List<Round> measured = new ArrayList<>();
      for (int round = 0; round < allRounds(); round++) {
        Round one = round(bed, directory(each, round), objects, bytes, round % 2 == 0);
        if (round >= warmupRounds) {
          measured.add(one);
        }
      }
      String name = objects + " of " + Units.showBytes(bytes);
      all.add(new Compared(name, Math.min(objects, concurrency), measured));
      say(all.get(all.size() - 1).line());
    }
    return all;
  }

  private static String directory(String size, int round) {
    return size + "-" + round;
  }

  /** Of objects that are made for it, and go with it. */
  private Round round(UfsBed bed, String directory, int objects, long bytes, boolean directFirst)
      throws IOException, InterruptedException {
    bed.make(directory, objects, bytes);
    Turn early = directFirst ? direct(bed, directory, objects, bytes) : null;
    WarmMemory.prepare(bed.scratch(), objects * bytes);
    Turn curvine =
        Turn.each(
            objects, concurrency, bed.roles(), object -> bed.readCurvine(directory, object, bytes));
    Turn direct = early != null ? early : direct(bed, directory, objects, bytes);
    bed.delete(directory);
    return new Round(curvine, direct);
  }

  private Turn direct(UfsBed bed, String directory, int objects, long bytes)
      throws IOException, InterruptedException {
    WarmMemory.prepare(bed.scratch(), objects * bytes);
    return Turn.each(
        objects, concurrency, bed.roles(), object -> bed.readDirect(directory, object, bytes));
  }
}
