/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UnderFileSystem;
import io.curvine.ufs.change.ChangeBatch;
import io.curvine.ufs.change.ChangeHint;
import io.curvine.ufs.change.ChangeSource;
import io.curvine.ufs.testing.HdfsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HdfsInotifySourceTest {
  private static final AtomicInteger LOCATIONS = new AtomicInteger();
  private static final Duration LONG = Duration.ofSeconds(30);
  private static HdfsServer server;
  private static Map<String, String> options;
  private static DistributedFileSystem client;

  private String root;
  private URI location;
  private ChangeSource source;

  @BeforeAll
  static void startServer() throws IOException {
    server = HdfsServer.start(2);
    options =
        Map.of("hdfs.namenodes", String.join(",", server.namenodes()), "hdfs.replication", "1");
    client = new DistributedFileSystem();
    client.initialize(
        URI.create("hdfs://cluster/"),
        HdfsConfigurations.of("cluster", HdfsOptions.parse(options)));
  }

  @AfterAll
  static void stopServer() throws IOException {
    client.close();
    server.close();
  }

  @BeforeEach
  void openSource() throws Exception {
    root = "/top " + LOCATIONS.incrementAndGet() + "/location";
    client.mkdirs(new Path(root));
    location = URI.create("hdfs://cluster" + root.replace(" ", "%20"));
    source = open(Optional.empty());
    assertThat(source.poll(LONG).hints()).isEmpty();
  }

  @AfterEach
  void closeSource() {
    source.close();
  }

  private ChangeSource open(Optional<String> cursor) throws IOException {
    return new HdfsInotifyProvider().open(location, options, cursor);
  }

  @Test
  void everyOperationGivesItsHint() throws Exception {
    client.mkdirs(new Path(root, "dir/sub"));
    expect(ChangeHint.at("dir"), ChangeHint.at("dir/sub"));
    long before = System.currentTimeMillis() - 60_000;
    create("dir/file", "abc");
    ChangeBatch created = read(ChangeHint.at("dir/file"), ChangeHint.at("dir/file"));
    assertThat(created.newestMillis()).isGreaterThan(before);
    assertThat(created.gap()).isEmpty();
    try (FSDataOutputStream out = client.append(new Path(root, "dir/file"))) {
      out.write('d');
    }
    expect(ChangeHint.at("dir/file"), ChangeHint.at("dir/file"));
    client.setPermission(new Path(root, "dir/file"), new FsPermission((short) 0600));
    expect(ChangeHint.at("dir/file"));
    client.truncate(new Path(root, "dir/file"), 0);
    expect(ChangeHint.at("dir/file"));
    client.rename(new Path(root, "dir"), new Path(root, "moved"));
    expect(ChangeHint.below("dir"), ChangeHint.below("moved"));
    client.delete(new Path(root, "moved"), true);
    expect(ChangeHint.below("moved"));
  }

  @Test
  void whatIsElsewhereIsLeftOut() throws Exception {
    client.mkdirs(new Path(root + " beside/dir"));
    client.rename(new Path(root + " beside/dir"), new Path(root, "here"));
    expect(ChangeHint.below("here"));
    client.rename(new Path(root, "here"), new Path(root + " beside/dir"));
    expect(ChangeHint.below("here"));
    client.rename(new Path(root).getParent(), new Path("/gone " + LOCATIONS.get()));
    expect(ChangeHint.below(""));
  }

  @Test
  void temporaryFilesOfOurWritesAreLeftOut() throws Exception {
    try (UnderFileSystem ufs = UfsRegistry.load().open(location.toString(), options)) {
      byte[] content = "abc".getBytes(StandardCharsets.UTF_8);
      var first = ufs.write("file", 3, new ByteArrayInputStream(content));
      var second = ufs.write("file", 3, new ByteArrayInputStream(content));
      assertThat(second.version()).isNotEqualTo(first.version());
      ufs.rename("file", "other");
    }
    expect(
        ChangeHint.at("file"),
        ChangeHint.at("file"),
        ChangeHint.below("file"),
        ChangeHint.below("other"));
  }

  @Test
  void aCursorGivesNothingTwiceAndLosesNothing() throws Exception {
    List<ChangeHint> expected = new ArrayList<>();
    String cursor = null;
    List<ChangeHint> found = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 10; i++) {
        client.mkdirs(new Path(root, round + "-" + i));
        expected.add(ChangeHint.at(round + "-" + i));
      }
      while (found.size() < expected.size()) {
        ChangeBatch batch = source.poll(LONG);
        found.addAll(batch.hints());
        cursor = batch.cursor();
        assertThat(batch.gap()).isEmpty();
      }
      client.mkdirs(new Path(root, "between " + round));
      expected.add(ChangeHint.at("between " + round));
      source.close();
      source = open(Optional.of(cursor));
    }
    while (found.size() < expected.size()) {
      found.addAll(source.poll(LONG).hints());
    }
    assertThat(found).isEqualTo(expected);
    assertThat(source.poll(Duration.ofMillis(50)).hints()).isEmpty();
  }

  @Test
  void aBatchIsBounded() throws Exception {
    int count = ChangeBatch.HINTS_MAX + 50;
    for (int i = 0; i < count; i++) {
      client.mkdirs(new Path(root, "d" + i));
    }
    ChangeBatch first = source.poll(LONG);
    assertThat(first.hints().size()).isLessThanOrEqualTo(ChangeBatch.HINTS_MAX);
    int found = first.hints().size();
    while (found < count) {
      found += source.poll(LONG).hints().size();
    }
    assertThat(found).isEqualTo(count);
  }

  @Test
  void editsThatWerePurgedAreAGap() throws Exception {
    client.mkdirs(new Path(root, "before"));
    String cursor = read(ChangeHint.at("before")).cursor();
    source.close();
    client.mkdirs(new Path(root, "missed"));
    server.purgeEdits();
    client.mkdirs(new Path(root, "after"));
    source = open(Optional.of(cursor));
    ChangeBatch gap = source.poll(LONG);
    assertThat(gap.gap()).contains("HDFS has no edits");
    assertThat(Long.parseLong(gap.cursor())).isGreaterThan(Long.parseLong(cursor));
    List<ChangeHint> found = new ArrayList<>(gap.hints());
    while (!found.contains(ChangeHint.at("after"))) {
      ChangeBatch batch = source.poll(LONG);
      assertThat(batch.gap()).isEmpty();
      found.addAll(batch.hints());
    }
    assertThat(found).doesNotContain(ChangeHint.at("missed"));
    source.close();
    source = open(Optional.of(gap.cursor()));
    ChangeBatch again = source.poll(LONG);
    assertThat(again.gap()).isEmpty();
  }

  @Test
  void itGoesOnAtTheOtherNamenode() throws Exception {
    client.mkdirs(new Path(root, "a"));
    expect(ChangeHint.at("a"));
    server.activate(1);
    client.mkdirs(new Path(root, "b"));
    expect(ChangeHint.at("b"));
    server.activate(0);
    client.mkdirs(new Path(root, "c"));
    expect(ChangeHint.at("c"));
  }

  @Test
  void aPollThatWaitsEndsWithTheSource() throws Exception {
    Thread closer = new Thread(source::close);
    closer.start();
    assertThat(source.poll(LONG).hints()).isEmpty();
    closer.join();
  }

  @Test
  void whoIsNoSuperuserIsDenied() throws Exception {
    Map<String, String> other = new HashMap<>(options);
    other.put("hdfs.user", "somebody");
    try (ChangeSource denied = new HdfsInotifyProvider().open(location, other, Optional.of("1"))) {
      assertThatThrownBy(() -> denied.poll(Duration.ZERO))
          .isInstanceOfSatisfying(
              CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UFS_DENIED));
    }
  }

  @Test
  void aCursorOfAnotherKindIsRefused() {
    assertThatThrownBy(() -> open(Optional.of("x")))
        .hasMessage("cursor of hdfs is x; allowed: the number of a transaction");
  }

  private void create(String path, String content) throws IOException {
    try (FSDataOutputStream out = client.create(new Path(root, path), (short) 1)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void expect(ChangeHint... hints) throws Exception {
    assertThat(read(hints).hints()).isNotNull();
  }

  /** Reads until as many hints came, which are these; gives the last batch. */
  private ChangeBatch read(ChangeHint... hints) throws Exception {
    List<ChangeHint> found = new ArrayList<>();
    ChangeBatch batch;
    do {
      batch = source.poll(LONG);
      found.addAll(batch.hints());
    } while (found.size() < hints.length && batch.gap().isEmpty());
    assertThat(found).containsExactly(hints);
    return batch;
  }
}
