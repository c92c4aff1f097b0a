/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import io.curvine.cli.CliException;
import io.curvine.cli.bench.ufs.Compared.Round;
import io.curvine.cli.config.Units;
import io.curvine.cli.local.LocalBed;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.TreeJob;
import io.curvine.protocol.proto.TreeJobKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine bench load}: how fast a tree comes into the cache, against a download. */
@Command(
    name = "load",
    description = {
      "Start three masters, a worker and an S3 server of their own, and load a directory of objects, of",
      "which not even the names are known; in turn, the AWS SDK writes the same objects to files of the",
      "same disk. All bytes of both are compared. --concurrency is that of the SDK; a worker has 16",
      "threads that fetch. The server's jars: mvn -pl chaos-tests/s3-proxy compile."
    },
    mixinStandardHelpOptions = true)
public final class LoadCommand extends ComparedBench {
  private static final long TOTAL_MAX_BYTES = 64L << 30;
  private static final long OBJECTS_MAX = 1_000_000;

  @Option(
      names = "--total",
      paramLabel = "SIZE",
      description = "Loaded in a turn. Default: ${DEFAULT-VALUE}.",
      defaultValue = "1GiB")
  private String total;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description = "Of an object. Default: ${DEFAULT-VALUE}.",
      defaultValue = "1MiB")
  private String size;

  @Override
  void check() {
    long objects = size("--total", total, TOTAL_MAX_BYTES) / bytes();
    if (objects < 1 || objects > OBJECTS_MAX) {
      throw usage(
          "--total is "
              + total
              + " and --size "
              + size
              + "; allowed: 1 to "
              + OBJECTS_MAX
              + " objects");
    }
  }

  private long bytes() {
    return size("--size", size, TOTAL_MAX_BYTES);
  }

  private int objects() {
    return Math.toIntExact(size("--total", total, TOTAL_MAX_BYTES) / bytes());
  }

  @Override
  List<Compared> measure(LocalBed cluster, UfsBed bed) throws IOException, InterruptedException {
    bed.makeDirectories(IntStream.range(0, allRounds()).mapToObj(LoadCommand::directory).toList());
    List<Round> measured = new ArrayList<>();
    for (int round = 0; round < allRounds(); round++) {
      String directory = directory(round);
      bed.make(directory, objects(), bytes());
      Path files = Files.createDirectory(cluster.directory().resolve(directory));
      Turn early = round % 2 == 0 ? direct(bed, directory, files) : null;
      Turn curvine = curvine(bed, directory);
      Turn direct = early != null ? early : direct(bed, directory, files);
      compareCached(bed, directory);
      bed.delete(directory);
      if (round >= warmupRounds) {
        measured.add(new Round(curvine, direct));
        say(
            new Compared(
                    "round " + round,
                    concurrency,
                    measured.subList(measured.size() - 1, measured.size()))
                .line());
      }
    }
    String name = objects() + " of " + Units.showBytes(bytes());
    return List.of(new Compared(name, concurrency, measured));
  }

  private static String directory(int round) {
    return "load-" + round;
  }

  private Turn curvine(UfsBed bed, String directory) throws IOException, InterruptedException {
    return Turn.whole(
        objects(),
        bed.roles(),
        () -> {
          TreeJob job = bed.run(TreeJobKind.LOAD, UfsBed.ROOT + "/" + directory);
          if (job.getFilesDone() != objects() || job.getBytesDone() != objects() * bytes()) {
            throw new CliException(
                "the load had "
                    + job.getFilesDone()
                    + " files of "
                    + job.getBytesDone()
                    + " bytes; written: "
                    + objects()
                    + " of "
                    + bytes()
                    + " each");
          }
          return job.getBytesDone();
        });
  }

  /** Into files, which are compared and deleted. */
  private Turn direct(UfsBed bed, String directory, Path files)
      throws IOException, InterruptedException {
    Turn turn =
        Turn.each(
            objects(),
            concurrency,
            bed.roles(),
            object -> {
              bed.download(directory, object, file(files, object));
              return bytes();
            });
    var unused =
        Turn.each(
            objects(),
            concurrency,
            Map.of(),
            object -> {
              try (InputStream in = Files.newInputStream(file(files, object))) {
                return UfsBed.check(in, object, bytes());
              }
            });
    FileTrees.delete(files);
    return turn;
  }

  private static Path file(Path files, int object) {
    return files.resolve(Integer.toString(object));
  }

  private void compareCached(UfsBed bed, String directory)
      throws IOException, InterruptedException {
    var unused =
        Turn.each(
            objects(),
            concurrency,
            Map.of(),
            object -> bed.readCurvine(directory, object, bytes()));
  }
}
