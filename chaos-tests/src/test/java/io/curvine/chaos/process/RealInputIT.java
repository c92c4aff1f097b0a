/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.chaos.harness.Corpus;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.RepositoryRoot;
import io.curvine.client.CurvineClient;
import io.curvine.client.CurvineInputStream;
import io.curvine.client.Refs;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.ContentSummary;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UnderFileSystem;
import io.curvine.ufs.testing.S3Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The main job on real input: 20,000 files of this machine and 2 GiB, in a directory and in an S3
 * server, mounted, listed and read through the mount, the Java API and the shell; every file's
 * SHA-256 equals the store's.
 */
final class RealInputIT {
  private static final long FILES_MIN = 20_000;
  private static final long BYTES_MIN = 2L << 30;
  private static final String BUCKET = "corpus";

  private static Path temp;
  private static Path corpus;
  private static Map<String, String> expected;

  @BeforeAll
  static void copyTheCorpus() throws IOException {
    // Below target: a temporary directory may be in memory.
    temp =
        Files.createTempDirectory(
            Files.createDirectories(RepositoryRoot.find().resolve("chaos-tests/target")), "real");
    corpus = Files.createDirectory(temp.resolve("corpus"));
    Corpus.fill(corpus, FILES_MIN, BYTES_MIN);
    expected = Corpus.hashes(corpus);
    assertThat(expected.size()).isGreaterThanOrEqualTo((int) FILES_MIN);
  }

  @AfterAll
  static void removeTheCorpus() throws IOException {
    FileTrees.delete(temp);
  }

  @Test
  void aDirectoryIsServedAsItIs() throws Exception {
    Path mount = Files.createDirectory(temp.resolve("mount-dir"));
    try (LocalCluster cluster =
        LocalCluster.start(
            temp.resolve("data-dir"), "--ufs", corpus.toString(), "--mount", mount.toString())) {
      readEveryWay(cluster, mount, temp.resolve("got-dir"));
      byte[] written = write(mount.resolve("written/through/the-mount.bin"));
      assertThat(corpus.resolve("written/through/the-mount.bin")).hasBinaryContent(written);
      FileTrees.delete(corpus.resolve("written"));
    }
  }

  @Test
  void aBucketIsServedAsItIs() throws Exception {
    Path mount = Files.createDirectory(temp.resolve("mount-s3"));
    try (S3Server s3 = S3Server.startLarge();
        UnderFileSystem bucket = UfsRegistry.load().open(s3.createBucket(BUCKET), s3.options())) {
      upload(bucket);
      List<String> options =
          new ArrayList<>(List.of("--ufs", s3.uri(BUCKET), "--mount", mount.toString()));
      s3.options().forEach((key, value) -> options.addAll(List.of("--option", key + "=" + value)));
      try (LocalCluster cluster =
          LocalCluster.start(temp.resolve("data-s3"), options.toArray(String[]::new))) {
        readEveryWay(cluster, mount, temp.resolve("got-s3"));
        byte[] written = write(mount.resolve("written/through/the-mount.bin"));
        String path = "written/through/the-mount.bin";
        String version = bucket.status(path).orElseThrow().version();
        try (InputStream object = bucket.open(path, version, 0, written.length)) {
          assertThat(object.readAllBytes()).isEqualTo(written);
        }
      }
    }
  }

  private static void upload(UnderFileSystem bucket) {
    expected.keySet().parallelStream()
        .forEach(
            path -> {
              Path file = corpus.resolve(path);
              try (InputStream content = Files.newInputStream(file)) {
                bucket.write(path, Files.size(file), content);
              } catch (IOException e) {
                throw new UncheckedIOException("uploading " + path, e);
              }
            });
  }

  private static void readEveryWay(LocalCluster cluster, Path mount, Path got) throws Exception {
    assertThat(Corpus.hashes(mount)).as("through the mount").isEqualTo(expected);
    try (CurvineClient client = Clients.connect(cluster)) {
      ContentSummary summary = client.namespace().summary(Refs.path("/"));
      assertThat(summary.getFiles()).isEqualTo(expected.size());
      assertThat(hashes(client)).as("through the Java API").isEqualTo(expected);
    }
    cluster.curvine("fs", "get", "/", got.toString()).succeeded();
    assertThat(Corpus.hashes(got)).as("by fs get").isEqualTo(expected);
    FileTrees.delete(got);
  }

  private static Map<String, String> hashes(CurvineClient client) {
    Map<String, String> hashes = new ConcurrentSkipListMap<>();
    expected.keySet().parallelStream()
        .forEach(
            path -> {
              try (CurvineInputStream in = client.openStream(Refs.path("/" + path))) {
                hashes.put(path, Corpus.hash(in));
              } catch (IOException e) {
                throw new UncheckedIOException("reading " + path, e);
              }
            });
    return hashes;
  }

  private static byte[] write(Path file) throws IOException {
    byte[] content = new byte[(9 << 20) + 4_321];
    new Random(3).nextBytes(content);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    return content;
  }
}
