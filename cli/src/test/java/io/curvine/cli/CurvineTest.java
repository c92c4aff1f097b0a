/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CurvineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                    | no command",
        "fs                    | no command",
        "fsx                   | Unmatched argument",
        "fs ls --bogus         | Unknown option: '--bogus'",
        "fs mv /a              | PATH",
        "local --workers two   | 'two' is not an int",
        "report extra          | Unmatched argument",
        "mount /ufs            | Missing required parameter: 'PATH'",
        "mount file:///x / --mode maybe | --mode",
        "mount --check --update /x | --check and --update are given",
        "mount --check /x /y  | allowed: one argument",
        "mount --update /x    | --update without an option",
        "mount --update /x --mode fs | --mode is given; allowed: without --update",
        "mount --update /x --verify soon | --verify: 'soon' is not a duration",
        "mount --update /x --source none --source kafka | --source: 'none' is given with others",
        "mount --check /x --unset k | --unset is given; allowed: with --update",
        "umount /x --timeout 1s | --timeout is given; allowed: with --flush",
      })
  void wrongUsageIsTwoAndOneLine(String arguments, String message) {
    assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString()).startsWith("curvine: ").contains(message).hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void failureIsOneAndOneLine() {
    assertThat(run("config", "check", "--set", "client.replicas=99")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("curvine: --set: client.replicas is 99; allowed: 0 to 16\n")
        .hasLineCount(1);
  }

  @Test
  void debugAddsTheStackTrace() {
    assertThat(run("--debug", "config", "check", "--set", "client.replicas=99")).isEqualTo(1);
    assertThat(err.toString()).contains("\tat io.curvine.cli.config");
  }

  @Test
  void clusterThatIsNotThereIsAFailureInOneLine() {
    assertThat(
            run(
                "fs",
                "ls",
                "/",
                "--masters",
                "127.0.0.1:1",
                "--set",
                "client.request-timeout=300ms"))
        .isEqualTo(1);
    assertThat(err.toString()).startsWith("curvine: ").contains("127.0.0.1:1").hasLineCount(1);
  }

  @Test
  void helpAndVersionSucceed() throws IOException {
    assertThat(run("help")).isZero();
    assertThat(run("fs", "put", "--help")).isZero();
    out.getBuffer().setLength(0);
    assertThat(run("version", "--json")).isZero();
    assertThat(new ObjectMapper().readTree(out.toString()).get("version").asText())
        .matches("\\d+\\.\\d+.*");
  }

  @Test
  void globalOptionsStandBeforeOrAfterTheCommand() throws IOException {
    Path file = Files.writeString(temp.resolve("c.toml"), "[client]\nreplicas = 3\n");
    for (String[] arguments :
        new String[][] {
          {"--config", file.toString(), "--json", "config", "show"},
          {"config", "show", "--json", "--config", file.toString()}
        }) {
      out.getBuffer().setLength(0);
      assertThat(run(arguments)).isZero();
      assertThat(new ObjectMapper().readTree(out.toString()).at("/client/replicas/origin").asText())
          .isEqualTo(file + ":2");
    }
  }

  @Test
  void mastersComeFromTheFlagElseTheVariable() throws IOException {
    assertThat(mastersShown(Map.of("CURVINE_MASTERS", "a:1,b:2"))).isEqualTo("a:1,b:2");
    assertThat(mastersShown(Map.of("CURVINE_MASTERS", "a:1"), "--masters", "c:3")).isEqualTo("c:3");
    assertThat(mastersShown(Map.of())).isEqualTo("127.0.0.1:8995,127.0.0.1:8996,127.0.0.1:8997");
  }

  private String mastersShown(Map<String, String> environment, String... more) throws IOException {
    Curvine program = new Curvine(new ByteArrayOutputStream());
    CommandLine line = program.commandLine().setOut(new PrintWriter(out));
    program.global().environment(environment);
    out.getBuffer().setLength(0);
    String[] arguments = new String[more.length + 3];
    System.arraycopy(new String[] {"config", "show", "--json"}, 0, arguments, 0, 3);
    System.arraycopy(more, 0, arguments, 3, more.length);
    assertThat(line.execute(arguments)).isZero();
    return new ObjectMapper().readTree(out.toString()).at("/client/masters/value").asText();
  }

  private int run(String... arguments) {
    Curvine program = new Curvine(new ByteArrayOutputStream());
    CommandLine line =
        program.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    program.global().environment(Map.of());
    return line.execute(arguments);
  }
}
