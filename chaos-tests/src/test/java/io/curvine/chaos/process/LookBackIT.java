/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Outcome;
import io.curvine.chaos.harness.Processes;
import io.curvine.client.CurvineClient;
import io.curvine.client.PastListener;
import io.curvine.client.PastView;
import io.curvine.client.Refs;
import io.curvine.protocol.change.ChangeFilter;
import io.curvine.protocol.proto.Moment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person looks back, and brings back, on real processes. */
class LookBackIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path temp;

  private LocalCluster cluster;

  /** Entries of a tree with their attributes, at an offset. */
  private record Mark(long offset, JsonNode listing) {}

  @Test
  void namesContentAndHistoryAreThereAfterASnapshotAndAFailover() throws Exception {
    Path ufs = Files.createDirectory(temp.resolve("ufs"));
    Path large = random("large", (2 << 20) + 77, 1);
    Path old = random("old", 3_000, 2);
    Path fresh = random("fresh", 5_000, 3);
    try (LocalCluster started = LocalCluster.start(temp.resolve("data"), "--ufs", ufs.toString())) {
      cluster = started;
      run("fs", "mkdir", "-p", "/team/raw/deep");
      run("fs", "put", large.toString(), "/team/raw/a");
      run("fs", "put", old.toString(), "/team/raw/b");
      run("fs", "put", old.toString(), "/team/raw/deep/c");
      run("fs", "chmod", "0640", "/team/raw/b");
      Mark first = mark();

      run("fs", "mv", "/team/raw/a", "/team/raw/a2");
      run("fs", "mv", "/team/raw", "/team/cooked");
      run("fs", "put", "-f", fresh.toString(), "/team/cooked/b");
      run("fs", "mkdir", "/team/new");
      Mark second = mark();

      cluster.curvineAdmin("snapshot", "take").succeeded();
      run("fs", "rm", "-r", "/team/cooked");
      Mark third = mark();
      failOver();

      theTreeIsAsItWas(first, second, third);
      theContentIsAsItWas(first, large, old, fresh);
      theHistoryFollowsTheRenames(second);
      theDifferencesAreWhatWasDone(first, second, third);
      theTreeComesBack(second, large, fresh);
    }
  }

  /** Letters, so that a terminal can show it. */
  private Path random(String name, int length, long seed) throws IOException {
    byte[] content = new byte[length];
    Random random = new Random(seed);
    for (int i = 0; i < length; i++) {
      content[i] = (byte) ('a' + random.nextInt(26));
    }
    return Files.write(temp.resolve(name), content);
  }

  private void run(String... command) {
    cluster.curvine(command).succeeded();
  }

  private Mark mark() throws IOException {
    return new Mark(offset(), cluster.curvine("fs", "ls", "-R", "--json", "/team").json());
  }

  /** All that was acknowledged is below it. */
  private long offset() throws IOException {
    try (CurvineClient client = Clients.connect(cluster)) {
      return client.changesFromNow(ChangeFilter.ALL).position();
    }
  }

  private JsonNode listingAt(long offset) {
    return cluster.curvine("fs", "ls", "-R", "--json", "--at", at(offset), "/team").json();
  }

  private static String at(long offset) {
    return Long.toString(offset);
  }

  private void failOver() {
    long leader = cluster.leaderPid();
    Processes.kill9(leader);
    Await.until(
        "another leader",
        PATIENCE,
        () -> {
          Outcome report = cluster.curvine("report", "--json");
          if (report.exitCode() != 0) {
            return false;
          }
          for (JsonNode master : report.json().get("masters")) {
            if (master.get("role").asText().equals("leader")) {
              return master.get("pid").asLong() != leader;
            }
          }
          return false;
        });
  }

  private void theTreeIsAsItWas(Mark... marks) {
    for (Mark mark : marks) {
      assertThat(listingAt(mark.offset())).isEqualTo(mark.listing());
    }
    JsonNode entry =
        cluster
            .curvine("fs", "stat", "--json", "--at", at(marks[0].offset()), "/team/raw/b")
            .json();
    assertThat(entry.get("mode").asText()).isEqualTo("0640");
    assertThat(entry.get("length").asLong()).isEqualTo(3_000);
    Outcome gone = cluster.curvine("fs", "stat", "--at", at(marks[1].offset()), "/team/raw/b");
    assertThat(gone.exitCode()).isEqualTo(1);
    assertThat(gone.err()).contains("no such file");
    Outcome future = cluster.curvine("fs", "ls", "--at", "999999999", "/");
    assertThat(future.exitCode()).isEqualTo(1);
    assertThat(future.err()).contains("offset is 999999999; allowed: up to").hasLineCount(1);
    assertThat(cluster.curvine("fs", "ls", "--at", "-1s", "/team").succeeded()).contains("new");
  }

  private void theContentIsAsItWas(Mark first, Path large, Path old, Path fresh)
      throws IOException {
    Moment moment = Moment.newBuilder().setOffset(first.offset()).build();
    try (CurvineClient client = Clients.connect(cluster)) {
      PastView past = client.past(moment, PastListener.NONE);
      try (InputStream in = past.openStream(Refs.path("/team/raw/a"))) {
        assertThat(in).hasBinaryContent(Files.readAllBytes(large));
      }
      assertThatThrownBy(() -> past.namespace().mkdir(Refs.path("/no"), 0755, false))
          .hasMessageContaining("the past cannot be changed");
    }
    cat(first.offset(), "/team/raw/b", old);
    cat(first.offset(), "/team/raw/deep/c", old);
    JsonNode history = history("/team/cooked/b");
    cat(history.get("goneOffset").asLong(), "/team/cooked/b", fresh);
  }

  private void cat(long offset, String path, Path expected) throws IOException {
    assertThat(cluster.curvine("fs", "cat", "--at", at(offset), path).succeeded())
        .isEqualTo(Files.readString(expected));
  }

  private JsonNode history(String path) {
    return cluster.curvine("fs", "history", "--json", path).json();
  }

  private static List<String> lines(JsonNode history) {
    List<String> lines = new ArrayList<>();
    for (JsonNode change : history.get("changes")) {
      String type = change.get("type").asText();
      if (Set.of("CREATED", "RENAMED", "DELETED").contains(type)) {
        String before = change.has("oldPath") ? change.get("oldPath").asText() + " " : "";
        lines.add(type + " " + before + change.get("path").asText());
      }
    }
    return lines;
  }

  private void theHistoryFollowsTheRenames(Mark second) {
    JsonNode history = history("/team/cooked/a2");
    assertThat(lines(history))
        .containsExactly(
            "DELETED /team/cooked",
            "RENAMED /team/raw /team/cooked",
            "RENAMED /team/raw/a /team/raw/a2",
            "CREATED /team/raw/a");
    assertThat(history.get("goneOffset").asLong()).isGreaterThanOrEqualTo(second.offset());
    for (JsonNode change : history.get("changes")) {
      if (change.has("session")) {
        assertThat(change.get("user").asText()).isNotEmpty();
        assertThat(change.get("client").asText()).isNotEmpty();
      }
    }
    JsonNode one = cluster.curvine("fs", "history", "--json", "--limit", "1", "/team").json();
    assertThat(one.get("changes")).hasSize(1);
    Outcome text = cluster.curvine("fs", "history", "/team/cooked/a2");
    assertThat(text.succeeded()).contains("OFFSET", "renamed", "/team/raw/a -> /team/raw/a2");
    assertThat(text.err()).contains("is gone since offset");
    Outcome never = cluster.curvine("fs", "history", "/never");
    assertThat(never.exitCode()).isEqualTo(1);
    assertThat(never.err()).contains("nothing had it").hasLineCount(1);
  }

  private Set<String> differences(long from, long to) {
    String text =
        cluster.curvine("fs", "diff", "--from", at(from), "--to", at(to), "/team").succeeded();
    return text.lines().collect(Collectors.toSet());
  }

  private void theDifferencesAreWhatWasDone(Mark first, Mark second, Mark third) {
    assertThat(differences(first.offset(), second.offset()))
        .containsExactlyInAnyOrder(
            "created  /team/new/",
            "renamed  /team/raw -> /team/cooked/",
            "renamed  /team/raw/a -> /team/cooked/a2",
            "changed  /team/cooked/b  content 3000 -> 5000 bytes");
    assertThat(differences(second.offset(), third.offset()))
        .containsExactlyInAnyOrder(
            "deleted  /team/cooked/",
            "deleted  /team/cooked/a2",
            "deleted  /team/cooked/b",
            "deleted  /team/cooked/deep/",
            "deleted  /team/cooked/deep/c");
    assertThat(differences(third.offset(), third.offset())).isEmpty();
  }

  private void theTreeComesBack(Mark second, Path large, Path fresh) throws IOException {
    JsonNode plan = cluster.curvine("fs", "undelete", "--json", "--dry-run", "/team/cooked").json();
    assertThat(plan.get("files").asLong()).isEqualTo(3);
    assertThat(plan.get("directories").asLong()).isEqualTo(2);
    assertThat(plan.get("lost")).isEmpty();
    assertThat(cluster.curvine("fs", "stat", "/team/cooked").exitCode()).isEqualTo(1);

    assertThat(cluster.curvine("fs", "undelete", "/team/cooked").succeeded())
        .contains("/team/cooked is back");
    Path got = temp.resolve("got");
    run("fs", "get", "/team/cooked", got.toString());
    assertThat(got.resolve("a2")).hasSameBinaryContentAs(large);
    assertThat(got.resolve("b")).hasSameBinaryContentAs(fresh);
    assertThat(got.resolve("deep/c")).hasSize(3_000);
    // But for the inodes, and what comes from them, it is what it was.
    assertThat(comparable(mark().listing())).isEqualTo(comparable(second.listing()));
    assertThat(temp.resolve("ufs/team/cooked/b")).hasSameBinaryContentAs(fresh);

    Outcome again = cluster.curvine("fs", "undelete", "--at", at(second.offset()), "/team/cooked");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("/team/cooked exists; allowed:").hasLineCount(1);
    run("fs", "undelete", "--at", at(second.offset()), "--target", "/copy", "/team/cooked");
    assertThat(cluster.curvine("fs", "cat", "/copy/deep/c").exitCode()).isZero();
    Outcome there = cluster.curvine("fs", "undelete", "/team/new");
    assertThat(there.err()).contains("/team/new is not deleted");
  }

  private static List<String> comparable(JsonNode listing) {
    List<String> lines = new ArrayList<>();
    for (JsonNode entry : listing) {
      boolean file = entry.get("type").asText().equals("file");
      lines.add(
          entry.get("path").asText()
              + " "
              + entry.get("mode").asText()
              + " "
              + entry.get("uid").asInt()
              + " "
              + (file ? entry.get("length").asLong() + " " + entry.get("mtime").asText() : ""));
    }
    return lines;
  }

  @Test
  void whatIsGoneIsNamed() throws Exception {
    Path content = random("content", 2_000, 4);
    try (LocalCluster started =
        LocalCluster.start(
            temp.resolve("data"), "--workers", "1", "--set", "worker.unnamed_kept=0s")) {
      cluster = started;
      run("fs", "mkdir", "/d");
      run("fs", "put", content.toString(), "/d/lost");
      run("fs", "touch", "/d/empty");
      long before = offset();
      run("fs", "rm", "-r", "/d");
      Await.until(
          "the worker to drop the block",
          PATIENCE,
          () -> cluster.curvine("fs", "cat", "--at", at(before), "/d/lost").exitCode() == 1);
      Outcome cat = cluster.curvine("fs", "cat", "--at", at(before), "/d/lost");
      assertThat(cat.err()).contains("the content at offset " + before + " cannot be had");

      Outcome refused = cluster.curvine("fs", "undelete", "/d");
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.err())
          .contains("lost: /d/lost: ")
          .contains("1 of 2 files cannot be brought back");
      assertThat(cluster.curvine("fs", "ls", "/").succeeded()).doesNotContain("undelete");
      run("fs", "undelete", "--partly", "/d");
      assertThat(cluster.curvine("fs", "ls", "/d").succeeded()).isEqualTo("empty\n");
    }
  }
}
