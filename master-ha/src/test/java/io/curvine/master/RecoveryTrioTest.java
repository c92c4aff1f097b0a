/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.master.raft.RaftNode;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A master whose files break comes back by itself, and never costs the cluster an entry. */
@Timeout(300)
class RecoveryTrioTest {
  @TempDir Path directory;
  private long session;
  private long seq;

  private interface Damage {
    void to(Path master) throws IOException;
  }

  /** What is broken, and what of it is in the quarantine then. */
  private record Break(String quarantined, Damage damage) {}

  private static Map<String, Break> breaks(Trio trio) {
    Map<String, Break> breaks = new LinkedHashMap<>();
    breaks.put(
        "a database that cannot be opened",
        new Break("state", m -> overwrite(generation(m).resolve("db/CURRENT"), "nothing\n")));
    breaks.put(
        "a database without CURRENT",
        new Break("state", m -> Files.delete(generation(m).resolve("db/CURRENT"))));
    breaks.put(
        "a missing CURRENT", new Break("state", m -> Files.delete(m.resolve("state/CURRENT"))));
    breaks.put(
        "a missing end of the journal",
        new Break("state", m -> Files.delete(last(generation(m).resolve("journal"), ".*\\.log"))));
    breaks.put(
        "a state and a snapshot that are bad",
        new Break(
            "snapshot",
            m -> {
              overwrite(generation(m).resolve("db/CURRENT"), "nothing\n");
              Path snapshot = last(m.resolve("snapshots"), "snapshot-.*");
              flip(last(snapshot.resolve("db"), ".*\\.sst"), 0.5);
            }));
    breaks.put(
        "a snapshot without a readable manifest",
        new Break(
            "snapshot",
            m -> overwrite(last(m.resolve("snapshots"), "snapshot-.*").resolve("manifest"), "?")));
    breaks.put(
        "a changed bit in the Raft log", new Break("raft-log", m -> flip(log(trio, m), 0.5)));
    breaks.put("a torn Raft log", new Break("raft-log", m -> tear(log(trio, m))));
    breaks.put("a truncated Raft log", new Break("raft-log", m -> truncate(log(trio, m))));
    breaks.put(
        "a lost vote",
        new Break("raft-meta", m -> overwrite(raft(trio, m).resolve("raft-meta"), "votedFor=")));
    return breaks;
  }

  @Test
  void comesBackFromEachKindOfDamage() throws IOException {
    try (Trio trio = new Trio(directory, config -> config.withSnapshots(100, 64 << 10))) {
      trio.startAll();
      session = trio.openSession();
      for (Map.Entry<String, Break> kind : breaks(trio).entrySet()) {
        makeDirectories(trio, 120);
        String broken = trio.follower();
        trio.stop(broken);
        Path master = trio.directory(broken);
        FileTrees.delete(master.resolve("quarantine"));
        kind.getValue().damage().to(master);
        trio.start(broken);
        trio.until("back from " + kind.getKey(), () -> trio.node(broken).ready());
        try (Stream<Path> quarantined = Files.list(master.resolve("quarantine"))) {
          assertThat(quarantined.map(path -> path.getFileName().toString()))
              .as(kind.getKey())
              .anyMatch(name -> name.endsWith("-" + kind.getValue().quarantined()));
        }
        assertThat(master.resolve("probation")).as(kind.getKey()).doesNotExist();
      }
      trio.stop(trio.leader());
      for (long made = 1; made <= seq; made++) {
        assertThat(trio.exists("/d" + made)).as("/d%d", made).isTrue();
      }
      makeDirectories(trio, 1);
    }
  }

  private void makeDirectories(Trio trio, int count) {
    for (int i = 0; i < count; i++) {
      seq++;
      MasterResponse made = trio.command(Trio.mkdir(session, seq, "/d" + seq));
      assertThat(made.getCode()).as(made.getMessage()).isEqualTo(ErrorCode.OK);
    }
  }

  /**
   * One follower lacks entries that the leader and the other follower acknowledged; the leader dies
   * and the other follower's disk forgets them. With the vote of that one, the first would lead
   * without them.
   */
  @Test
  void aVoteThatWouldLoseEntriesIsNotGiven() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      session = trio.openSession();
      makeDirectories(trio, 20);
      String leader = trio.leader();
      String behind = trio.follower();
      trio.stop(behind);
      makeDirectories(trio, 20);
      String forgets = trio.follower();
      trio.stop(leader);
      trio.stop(forgets);
      Path master = trio.directory(forgets);
      flip(log(trio, master), 0.3);
      FileTrees.delete(master.resolve("state"));
      FileTrees.delete(master.resolve("snapshots"));

      trio.start(behind);
      trio.start(forgets);
      assertThat(master.resolve("probation")).exists();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
      trio.until(
          "several elections",
          () -> {
            assertThat(trio.node(behind).leading() || trio.node(forgets).leading()).isFalse();
            return System.nanoTime() - end > 0;
          });

      trio.start(leader);
      trio.until("all ready", () -> trio.node(forgets).ready() && trio.node(behind).ready());
      trio.stop(leader);
      for (long made = 1; made <= seq; made++) {
        assertThat(trio.exists("/d" + made)).as("/d%d", made).isTrue();
      }
    }
  }

  /** Nothing is lost where all masters stop in the middle of a write. */
  @Test
  void aPowerCutTearsAllLogsAndNobodyIsKeptFromVoting() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      session = trio.openSession();
      makeDirectories(trio, 20);
      List<String> all = List.of("m1", "m2", "m3");
      all.forEach(trio::stop);
      for (String id : all) {
        Path log = log(trio, trio.directory(id));
        byte[] bytes = Files.readAllBytes(log);
        // The length of an entry and the first of its bytes; the rest of the page was not written.
        byte[] torn = Arrays.copyOf(bytes, bytes.length + 4096);
        torn[bytes.length] = 90;
        torn[bytes.length + 1] = 8;
        Files.write(log, torn);
      }
      trio.startAll();
      for (long made = 1; made <= seq; made++) {
        assertThat(trio.exists("/d" + made)).as("/d%d", made).isTrue();
      }
      makeDirectories(trio, 1);
    }
  }

  /** The log of the others is purged though one master is dead. */
  @Test
  void aDeadMasterDoesNotKeepTheLog() throws IOException {
    try (Trio trio = new Trio(directory, config -> config.withSnapshots(100, 64 << 10))) {
      trio.startAll();
      session = trio.openSession();
      String dead = trio.follower();
      trio.stop(dead);
      long most = 0;
      for (int round = 0; round < 10; round++) {
        makeDirectories(trio, 200);
        most = Math.max(most, logBytes(trio, trio.leader()));
      }
      // Entries since the last snapshot, those preserved, and what a file holds beyond.
      assertThat(most).isLessThan(1 << 20);
      trio.start(dead);
      trio.until("the dead one is back", () -> trio.node(dead).ready());
    }
  }

  private static long logBytes(Trio trio, String id) throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.list(raft(trio, trio.directory(id)))) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("log")).toList()) {
        sum += file.toFile().length();
      }
    }
    return sum;
  }

  private static Path generation(Path master) throws IOException {
    return master.resolve("state").resolve(Files.readString(master.resolve("state/CURRENT")));
  }

  private static Path raft(Trio trio, Path master) {
    return master.resolve("raft/" + RaftNode.groupUuid(trio.config("m1")) + "/current");
  }

  private static Path log(Trio trio, Path master) throws IOException {
    return last(raft(trio, master), "log_inprogress_.*");
  }

  private static Path last(Path directory, String pattern) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().matches(pattern))
          .max(
              Comparator.comparingLong((Path file) -> file.toFile().lastModified())
                  .thenComparing(Path::getFileName))
          .orElseThrow(() -> new AssertionError("no " + pattern + " in " + directory));
    }
  }

  /** Where the entries of a log end. */
  private static int written(byte[] bytes) {
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private static void flip(Path file, double where) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) (written(bytes) * where)] ^= 0x10;
    Files.write(file, bytes);
  }

  private static void tear(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = written(bytes);
    byte[] torn = Arrays.copyOf(Arrays.copyOf(bytes, end - 10), end + 5000);
    Files.write(file, torn);
  }

  private static void truncate(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, written(bytes) / 2 + 1));
  }

  private static void overwrite(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
