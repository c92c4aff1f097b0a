/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.curvine.cli.admin.CurvineAdmin;
import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.journal.StoredEvent;
import io.curvine.protocol.proto.ClusterFormed;
import io.curvine.protocol.proto.DirectoryMade;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.LeadershipClaimed;
import io.curvine.protocol.proto.SessionOpened;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The tools over a journal and what they make of it, each as an operator calls it. */
class CurvineAdminStateTest {
  private static final int DIRECTORIES = 10;

  /** Of the event that forms the cluster, that claims the leadership, and that opens a session. */
  private static final int FIRST_EVENTS = 3;

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path temp;

  @BeforeEach
  void writeJournal() throws IOException {
    List<Event> events = new ArrayList<>();
    Inode root = directory(1, "").toBuilder().setNlink(2).build();
    events.add(
        Event.newBuilder()
            .setClusterFormed(ClusterFormed.newBuilder().setClusterId("old").setRoot(root))
            .build());
    events.add(
        Event.newBuilder()
            .setLeadershipClaimed(LeadershipClaimed.newBuilder().setEpoch(1).setNodeId("m1"))
            .build());
    events.add(
        Event.newBuilder()
            .setSessionOpened(
                SessionOpened.newBuilder().setSessionId(1).setClientName("te\033[2Jst"))
            .build());
    for (int i = 0; i < DIRECTORIES; i++) {
      events.add(
          Event.newBuilder()
              .setTimeNanos((i + 1) * SECOND_NANOS)
              .setDirectoryMade(DirectoryMade.newBuilder().setInode(directory(2 + i, "d" + i)))
              .build());
    }
    try (JournalLog journal = JournalLog.open(temp.resolve("journal"), JournalConfig.defaults())) {
      journal.append(0, StoredEvent.all(events));
    }
  }

  private static Inode directory(long id, String name) {
    return Inode.newBuilder()
        .setId(id)
        .setParent(1)
        .setName(ByteString.copyFromUtf8(name))
        .setType(InodeType.DIRECTORY)
        .setMode(0755)
        .setNlink(2)
        .build();
  }

  private int run(Object... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CurvineAdmin program = new CurvineAdmin(new ByteArrayOutputStream());
    CommandLine line =
        program.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    program.global().environment(Map.of());
    String[] texts = new String[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      texts[i] = arguments[i].toString();
    }
    return line.execute(texts);
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out.toString());
  }

  private Path replayed(String to, String name) {
    Path into = temp.resolve(name);
    assertThat(run("journal", "replay", temp.resolve("journal"), "--to", to, "--into", into))
        .as(err.toString())
        .isZero();
    return into;
  }

  @Test
  void replaysToAnOffsetOrATimeAndSaysWhatItCannot() throws IOException {
    Path all = temp.resolve("all");
    assertThat(run("journal", "replay", temp.resolve("journal"), "--into", all, "--json")).isZero();
    assertThat(json().get("offset").asInt()).isEqualTo(FIRST_EVENTS + DIRECTORIES);
    replayed("1970-01-01T00:00:04.5Z", "then");
    assertThat(run("db", "scan", "dentries", "--prefix", "1", "--snapshot", temp.resolve("then")))
        .isZero();
    assertThat(out.toString().lines()).containsExactly("1:d0  2", "1:d1  3", "1:d2  4", "1:d3  5");
    Path into = temp.resolve("into");
    assertThat(run("journal", "replay", temp.resolve("journal"), "--to", "99", "--into", into))
        .isEqualTo(1);
    assertThat(err.toString()).contains("allowed: 0 to 13").hasLineCount(1);
    assertThat(run("journal", "replay", temp.resolve("journal"), "--to", "x", "--into", into))
        .isEqualTo(2);
    assertThat(run("journal", "replay", temp.resolve("journal"), "--into", all)).isEqualTo(1);
    assertThat(err.toString()).contains("is not empty");
  }

  @Test
  void looksIntoTheDatabase() throws IOException {
    Path all = replayed("13", "all");
    assertThat(run("db", "ls", "--snapshot", all, "--json")).isZero();
    assertThat(json().get("families").get(1).get("keys").asInt()).isEqualTo(1 + DIRECTORIES);
    assertThat(run("db", "get", "inodes", "3", "--snapshot", all, "--json")).isZero();
    assertThat(json().get("value").get("name").asText()).isEqualTo("d1");
    assertThat(run("db", "get", "inodes", "3", "--snapshot", all)).isZero();
    assertThat(out.toString()).contains("name: \"d1\"");
    assertThat(run("db", "get", "inodes", "99", "--snapshot", all)).isEqualTo(1);
    assertThat(err.toString()).contains("there is no 99 in inodes");
    assertThat(run("db", "get", "inodes", "x", "--snapshot", all)).isEqualTo(1);
    assertThat(err.toString()).contains("allowed: NUMBER");
    assertThat(run("db", "scan", "none", "--snapshot", all)).isEqualTo(1);
    assertThat(err.toString()).contains("family is 'none'; allowed: [default, inodes,");
    assertThat(run("db", "scan", "inodes", "--from", "4", "--to", "6", "--snapshot", all)).isZero();
    assertThat(out.toString()).hasLineCount(2);
    assertThat(run("db", "ls")).isEqualTo(2);
    assertThat(run("db", "ls", "--snapshot", temp.resolve("journal"))).isEqualTo(1);
    assertThat(err.toString()).contains("holds no state; allowed:");
  }

  @Test
  void comparesStates() throws IOException {
    Path before = replayed("12", "before");
    Path after = replayed("13", "after");
    assertThat(run("state", "hash", after, after, "--json")).isZero();
    assertThat(json().get("equal").asBoolean()).isTrue();
    assertThat(run("state", "hash", before, after)).isEqualTo(1);
    assertThat(err.toString())
        .contains(before + " is at offset 12, " + after + " is at offset 13: not the same state")
        .contains("family dentries differs at key 1:d9");
    assertThat(run("state", "hash", "--at", "12", before, after)).as(err.toString()).isZero();
    assertThat(run("state", "hash", "--at", "99", before)).isEqualTo(1);
    assertThat(run("snapshot", "diff", after, after)).as(err.toString()).isZero();
    assertThat(run("snapshot", "diff", before, after, "--json")).isEqualTo(1);
    assertThat(err.toString()).contains("they differ: 2 entries");
    assertThat(json().get("entries")).hasSize(2);
    assertThat(json().get("entries").get(1).get("path").asText()).isEqualTo("/d9");
    assertThat(run("snapshot", "inspect", after, "--json")).isZero();
    assertThat(json().get("biggestDirectories").get(0).get("names").asInt()).isEqualTo(DIRECTORIES);
    assertThat(run("snapshot", "inspect", after)).isZero();
    assertThat(out.toString()).contains("te\\x1b[2Jst").doesNotContain("\033");
  }

  @Test
  void verifiesExportsAndRestores() throws IOException {
    Path all = replayed("13", "all");
    assertThat(run("snapshot", "verify", all)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("13 events since the beginning give this state");
    Path archive = temp.resolve("all.zip");
    assertThat(run("snapshot", "export", all, "--to", archive)).isZero();
    assertThat(run("snapshot", "export", all, "--to", archive)).isEqualTo(1);
    Path data = temp.resolve("data");
    assertThat(run("snapshot", "restore", archive, "--into", data, "--dry-run")).isZero();
    assertThat(data).doesNotExist();
    assertThat(run("snapshot", "restore", archive, "--into", data, "--json")).isZero();
    assertThat(json().get("sessionsEnded").asInt()).isEqualTo(1);
    assertThat(run("snapshot", "restore", archive, "--into", data)).isEqualTo(1);
    assertThat(run("snapshot", "list", "--data-dir", data, "--json")).isZero();
    assertThat(json().get("snapshots")).hasSize(1);
    assertThat(run("snapshot", "verify", "--data-dir", data)).as(err.toString()).isZero();
    assertThat(run("snapshot", "prune", "--keep", "1", "--data-dir", data)).isZero();
    assertThat(run("snapshot", "prune", "--keep", "0", "--data-dir", data)).isEqualTo(2);
    Path manifest = all.resolve("manifest");
    byte[] bytes = Files.readAllBytes(manifest);
    bytes[bytes.length - 1] ^= 1;
    Files.write(manifest, bytes);
    assertThat(run("snapshot", "verify", all)).isEqualTo(1);
    assertThat(err.toString()).contains("manifest");
  }
}
