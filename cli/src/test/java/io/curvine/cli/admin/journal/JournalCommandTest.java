/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.cli.admin.CurvineAdmin;
import io.curvine.cli.output.Json;
import io.curvine.journal.JournalLog;
import io.curvine.journal.StoredEvent;
import io.curvine.protocol.proto.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Timeout(60)
class JournalCommandTest {
  private static final int EVENTS = 101;

  @TempDir Path temp;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path journal;

  @BeforeEach
  void write() throws IOException {
    journal = SampleJournal.write(temp.resolve("journal"), EVENTS);
  }

  private int run(Writer to, String... arguments) {
    CommandLine line =
        new CurvineAdmin(new ByteArrayOutputStream())
            .commandLine()
            .setOut(new PrintWriter(to))
            .setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private int run(String command) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return run(out, command.replace("DIR", journal.toString()).split(" "));
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }

  private Path file(String suffix, int number) throws IOException {
    try (Stream<Path> files = Files.list(journal)) {
      return files
          .filter(each -> each.toString().endsWith(suffix))
          .sorted()
          .skip(number)
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void dumpPrintsALineAnEvent() {
    assertThat(run("journal dump --data-dir DIR")).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(lines()).hasSize(EVENTS);
    assertThat(lines().get(0)).contains("ClusterFormed").contains("clusterId=c-1");
    assertThat(lines().get(1)).contains("/a\\x09b").contains("value.base64=/wE=");
    assertThat(lines().get(10))
        .startsWith("        10  2026-01-01T00:10:00Z")
        .contains("EntryRenamed")
        .contains("/in/f5 -> /out/f5")
        .contains("bob(1001)");
    assertThat(run("journal dump --verbose --data-dir DIR --from 10 --to 12")).isZero();
    assertThat(lines()).hasSize(4);
    assertThat(lines().get(0)).contains("OFFSET").contains("INDEX").contains("CRC");
    assertThat(lines().get(1).split(" +")).contains("1", "20", "ok");
  }

  @Test
  void dumpFilters() {
    assertThat(
            run(
                "journal dump --data-dir DIR --type EntryRenamed --path /in --principal bob"
                    + " --time 2026-01-01T00:10:00Z..2026-01-01T00:15:00Z"))
        .isZero();
    assertThat(lines()).hasSize(3).allMatch(line -> line.contains("EntryRenamed"));
    assertThat(run("journal dump --data-dir DIR --principal 1000 --path /out")).isZero();
    assertThat(lines()).isEmpty();
  }

  @Test
  void dumpGivesJsonLines() throws IOException {
    assertThat(run("journal dump --json --data-dir DIR")).isZero();
    assertThat(lines()).hasSize(EVENTS);
    JsonNode renamed = Json.parse(lines().get(10));
    assertThat(renamed.get("offset").asLong()).isEqualTo(10);
    assertThat(renamed.get("type").asText()).isEqualTo("EntryRenamed");
    assertThat(renamed.get("oldPath").asText()).isEqualTo("/in/f5");
    assertThat(renamed.at("/raft/index").asLong()).isEqualTo(20);
    assertThat(renamed.at("/event/fromName").asText()).isEqualTo("f5");
    assertThat(renamed.at("/entry/type").asText()).isEqualTo("FILE");
    assertThat(Json.parse(lines().get(1)).at("/event/value/base64").asText()).isEqualTo("/wE=");
  }

  @Test
  void tailGivesTheNewest() {
    assertThat(run("journal tail -n 3 --data-dir DIR")).isZero();
    assertThat(lines()).hasSize(3);
    assertThat(lines().get(2)).startsWith("       100  ");
    assertThat(run("journal tail -n 500 --type ClusterFormed --data-dir DIR")).isZero();
    assertThat(lines()).hasSize(1);
  }

  @Test
  void statsCount() throws IOException {
    assertThat(run("journal stats --json --data-dir DIR --top 1")).isZero();
    JsonNode json = Json.parse(out.toString());
    assertThat(json.get("events").asLong()).isEqualTo(EVENTS);
    assertThat(json.get("hours")).hasSize(2);
    assertThat(json.get("directories")).hasSize(1);
    assertThat(json.at("/directories/0/directory").asText()).isEqualTo("/out");
    assertThat(json.at("/directories/0/events").asLong()).isEqualTo(50);
    assertThat(run("journal stats --data-dir DIR")).isZero();
    assertThat(out.toString()).contains("101 events").contains("ann(1000)").contains("/in");
  }

  @Test
  void verifyFindsNothingThenWhatIsWrong() throws IOException {
    assertThat(run("journal verify --data-dir DIR")).isZero();
    assertThat(out.toString()).contains("101 events").contains("nothing is wrong");
    Path log = file(".log", 1);
    byte[] bytes = Files.readAllBytes(log);
    bytes[100] ^= 1;
    Files.write(log, bytes);
    assertThat(run("journal verify --data-dir DIR")).isEqualTo(1);
    assertThat(lines().get(0)).startsWith(log + " at byte 0, offset ").contains("checksum");
    assertThat(err.toString()).isEqualTo("curvine-admin: 1 thing is wrong\n");
    assertThat(run("journal verify --json --data-dir DIR --threads 1")).isEqualTo(1);
    JsonNode finding = Json.parse(out.toString()).at("/sources/0/findings/0");
    assertThat(finding.get("kind").asText()).isEqualTo("CHECKSUM");
    assertThat(finding.get("file").asText()).isEqualTo(log.toString());
    assertThat(run("journal verify --file " + log)).isEqualTo(1);
    assertThat(run("journal verify --file " + file(".log", 0))).isZero();
    assertThat(run("journal dump --data-dir DIR")).isEqualTo(1);
    assertThat(lines()).hasSizeGreaterThan(EVENTS - 5);
    assertThat(err.toString()).contains("its checksum does not fit");
  }

  @Test
  void verifyComparesTheClustersOfSeveralDirectories() throws IOException {
    Path other = temp.resolve("other");
    Event formed = SampleJournal.event(0);
    Event foreign =
        formed.toBuilder()
            .setClusterFormed(formed.getClusterFormed().toBuilder().setClusterId("c-2"))
            .build();
    try (JournalLog log = JournalLog.open(other, SampleJournal.CONFIG)) {
      log.append(0, StoredEvent.all(List.of(foreign)));
    }
    assertThat(run("journal verify --data-dir DIR --data-dir " + other)).isEqualTo(1);
    assertThat(out.toString()).contains("its events are of cluster c-2").contains("is of c-1");
  }

  @Test
  void diffNamesTheFirstDifference() throws IOException {
    Path shorter = SampleJournal.write(temp.resolve("shorter"), 60);
    assertThat(run("journal diff DIR " + shorter)).isZero();
    assertThat(out.toString()).isEqualTo("A ends at 101, B at 60; equal until 60\n");
    try (JournalLog log = JournalLog.open(shorter, SampleJournal.CONFIG)) {
      log.truncateTo(42);
      log.append(42, StoredEvent.all(List.of(SampleJournal.event(44))));
    }
    assertThat(run("journal diff DIR " + shorter)).isEqualTo(1);
    assertThat(lines()).hasSize(3);
    assertThat(lines().get(0)).isEqualTo("A and B differ at offset 42");
    assertThat(lines().get(1)).startsWith("A:         42").contains("/out/f21");
    assertThat(lines().get(2)).startsWith("B:         42").contains("/out/f22");
    assertThat(run("journal diff --json DIR " + shorter)).isEqualTo(1);
    JsonNode json = Json.parse(out.toString());
    assertThat(json.get("outcome").asText()).isEqualTo("DIFFERENT");
    assertThat(json.at("/inB/path").asText()).isEqualTo("/out/f22");
  }

  @Test
  void aSnapshotAndADataDirectoryAreFound() throws IOException {
    Path snapshot = temp.resolve("snapshot-1_20");
    Files.createDirectories(snapshot);
    Files.move(journal, snapshot.resolve("journal"));
    assertThat(run("journal tail -n 1 --data-dir " + snapshot)).isZero();
    assertThat(lines()).hasSize(1);
    Path data = temp.resolve("m1");
    Files.createDirectories(data.resolve("state/4"));
    Files.move(snapshot.resolve("journal"), data.resolve("state/4/journal"));
    Files.writeString(data.resolve("state/CURRENT"), "4");
    Files.writeString(data.resolve("identity"), "node=m1\ncluster=c-9\n");
    assertThat(run("journal tail -n 1 --data-dir " + data)).isZero();
    assertThat(run("journal verify --data-dir " + data)).isEqualTo(1);
    assertThat(out.toString())
        .contains("its events are of cluster c-1, the data directory is of c-9");
    Files.delete(data.resolve("state/CURRENT"));
    assertThat(run("journal tail --data-dir " + data)).isEqualTo(1);
    assertThat(err.toString()).contains("has no state in use").hasLineCount(1);
  }

  @Test
  void aPipeThatClosesIsTheEnd() throws IOException {
    Writer closes =
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) throws IOException {
            throw new IOException("Broken pipe");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    assertThat(run(closes, "journal", "dump", "--data-dir", journal.toString())).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | journal dump --data-dir DIR --type EntryRenamd | did you mean EntryRenamed?",
        "1 | journal dump --data-dir DIR --path in | allowed: one that begins with /",
        "1 | journal dump --data-dir DIR --time yesterday.. | allowed: 2026-11-26T15:00:00Z",
        "1 | journal dump --data-dir DIR --time 2026-01-01 | allowed: FROM..TO",
        "1 | journal dump --data-dir DIR --time 2026-01-02..2026-01-01 | a TO after FROM",
        "1 | journal dump --data-dir DIR --from 5 --to 4 | allowed: 5 (--from) or more",
        "1 | journal dump --data-dir DIR --from -1 | allowed: 0 or more",
        "1 | journal dump --data-dir DIR --file x | allowed: one",
        "1 | journal dump --data-dir /nowhere | no directory",
        "1 | journal dump --file /nowhere/x.log | a name of 20 digits",
        "1 | journal diff DIR /nowhere/x | is not there; allowed:",
        "2 | journal tail -f --data-dir DIR | -f follows the cluster",
        "2 | journal tail -n -1 --data-dir DIR | allowed: 0 or more",
        "2 | journal stats --top 0 --data-dir DIR | allowed: 1 to 10000",
        "2 | journal verify --threads 0 --data-dir DIR | allowed: 1 to 64",
        "2 | journal verify --master m1 --data-dir DIR | allowed: one of them",
        "2 | journal | which command?",
      })
  void whatCannotBeMeantIsOneLine(int code, String command, String message) {
    assertThat(run(command)).isEqualTo(code);
    assertThat(err.toString()).startsWith("curvine-admin: ").contains(message).hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }
}
