/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.process.ConflictTable.Expected;
import io.curvine.chaos.process.ConflictTable.Line;
import io.curvine.chaos.readers.DirectoryStore;
import io.curvine.chaos.readers.S3Store;
import io.curvine.chaos.readers.UfsStore;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.change.ChangeFilter;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.JobList;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.WritePolicy;
import io.curvine.ufs.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * Each line of {@link ConflictTable} in both modes, with a directory and with a bucket: what both
 * sides have afterwards, what the writer and the list of jobs are told, and what the feed has.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConflictTableIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private static Path temp;
  private S3Server s3;
  private S3AsyncClient bucket;
  private LocalCluster cluster;
  private CurvineClient client;
  private final Map<String, UfsStore> stores = new TreeMap<>();

  @BeforeAll
  void start() throws IOException {
    s3 = S3Server.start();
    bucket = s3.client();
    cluster =
        LocalCluster.start(
            temp.resolve("data"), "--workers", "1", "--set", "master.job-retry-max=2s");
    client = Clients.connect(cluster);
    for (MountMode mode : List.of(MountMode.CACHE, MountMode.FS)) {
      Path directory = Files.createDirectory(temp.resolve(path("directory", mode)));
      Path outside = Files.createDirectory(temp.resolve(path("outside", mode)));
      mount("directory", mode, directory.toString(), new DirectoryStore(directory, outside));
      String name = path("bucket", mode);
      mount("bucket", mode, s3.createBucket(name), new S3Store(bucket, name));
    }
  }

  private static String directory(Line line) {
    return line.name().toLowerCase(Locale.ROOT);
  }

  private static String path(String store, MountMode mode) {
    return store + "-" + mode.name().toLowerCase(Locale.ROOT);
  }

  private void mount(String store, MountMode mode, String uri, UfsStore ufs) throws IOException {
    if (mode == MountMode.CACHE) {
      for (Line line : Line.values()) { // the names in the root are asked for once
        ufs.put(directory(line) + "/" + TwoSides.KEPT, TwoSides.KEPT.getBytes(UTF_8));
      }
    }
    Mount.Builder mount =
        Mount.newBuilder()
            .setPath("/" + path(store, mode))
            .setUri(uri)
            .setMode(mode)
            .setWritePolicy(WritePolicy.THROUGH);
    if (store.equals("bucket")) {
      mount.putAllOptions(s3.options());
    }
    var unused = client.namespace().mount(mount.build());
    stores.put(path(store, mode), ufs);
  }

  @AfterAll
  void stop() throws IOException {
    client.close();
    cluster.close();
    bucket.close();
    s3.close();
  }

  static Stream<Arguments> lines() {
    return Stream.of(Line.values())
        .flatMap(
            line ->
                Stream.of(MountMode.CACHE, MountMode.FS)
                    .flatMap(
                        mode ->
                            Stream.of("directory", "bucket")
                                .map(store -> Arguments.of(line, mode, store))));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("lines")
  void nobodysBytesAreLost(Line line, MountMode mode, String store) throws Exception {
    String mount = path(store, mode);
    UfsStore ufs = stores.get(mount);
    TwoSides sides = new TwoSides(client, ufs, mount, directory(line));
    sides.prepare(mode == MountMode.CACHE, line.before());
    long from = client.changesFromNow(ChangeFilter.ALL).position();
    line.there().act(sides);
    ErrorCode told = ErrorCode.OK;
    try {
      line.here().act(sides);
    } catch (CurvineException e) {
      told = e.code();
    }
    Expected expected = line.expected(mode);
    Await.until(
        "the end of all jobs",
        PATIENCE,
        () -> client.namespace().listJobs(JobList.PENDING_JOBS, 0, 1).isEmpty());
    assertThat(sides.there()).as("at the UFS").isEqualTo(expected.there());
    if (expected.here() != null) {
      Await.until("here to be " + expected.here(), PATIENCE, () -> isHere(sides, expected));
    }
    assertThat(told).as("told to the writer").isEqualTo(expected.told());
    jobsSay(expected, mode);
    assertThat(sides.changes(from)).as("in the feed").isEqualTo(expected.changes());
  }

  private static boolean isHere(TwoSides sides, Expected expected) throws IOException {
    Map<String, String> here = sides.here();
    if (!here.equals(expected.here())) {
      throw new IOException("here is " + here);
    }
    return true;
  }

  /** And are cancelled, so that the next line has none. */
  private void jobsSay(Expected expected, MountMode mode) throws IOException {
    List<JobState> kept = client.namespace().listJobs(JobList.FAILED_JOBS, 0, 100);
    assertThat(kept).extracting(job -> job.getJob().getLastCode()).isEqualTo(expected.kept());
    for (JobState job : kept) {
      boolean conflict = job.getJob().getLastCode() == ErrorCode.UFS_CONFLICT;
      assertThat(job.getFinished()).isTrue();
      assertThat(job.getSucceeded()).as(job.getError()).isEqualTo(conflict && mode == MountMode.FS);
      client.namespace().cancelJob(job.getJobId());
    }
  }
}
