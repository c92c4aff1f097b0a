/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One process of a node, with what it prints in its log. Its standard input is a pipe of this
 * process: when this process dies, however it dies, the child reads the end and stops.
 */
final class ChildProcess {
  private static final long LOG_MAX_BYTES = 32L << 20;
  private static final int TAIL_BYTES = 8 << 10;
  private static final int SIGNALLED = 128;
  private static final String SPEAKER = "curvine: ";

  private final Process process;
  private final Path log;
  private final long logStart;

  private ChildProcess(Process process, Path log, long logStart) {
    this.process = process;
    this.log = log;
    this.logStart = logStart;
  }

  /**
   * Starts {@code bin/curvine ROLE}.
   *
   * @param launcher bin/curvine
   * @param common global options for every node
   */
  static ChildProcess start(Path launcher, NodeSpec node, List<String> common) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString(), node.role().word()));
    if (node.role() == NodeSpec.Role.FUSE) {
      command.addAll(List.of(node.directory().toString(), "--http", node.address("HTTP")));
    }
    command.addAll(node.options());
    command.add("--parent-watch");
    command.addAll(common);
    node.settings().forEach(setting -> command.addAll(List.of("--set", setting)));
    rotate(node.log());
    long logStart = Files.exists(node.log()) ? Files.size(node.log()) : 0;
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(node.log().toFile()));
    builder.environment().put("CURVINE_BUILD", "never");
    builder.environment().put("CURVINE_CHILD", "1");
    return new ChildProcess(builder.start(), node.log(), logStart);
  }

  Process process() {
    return process;
  }

  /** Why it ended, as far as it said so. */
  String lastWords() {
    int exitValue = process.exitValue();
    boolean killed = exitValue > SIGNALLED;
    return said(killed)
        .orElse(killed ? "killed by signal " + (exitValue - SIGNALLED) : "exit code " + exitValue);
  }

  /** The line that a failing command leaves; else, where nobody killed it, its last line. */
  private Optional<String> said(boolean killed) {
    try {
      byte[] all = Files.readAllBytes(log);
      int from = (int) Math.max(Math.min(logStart, all.length), all.length - (long) TAIL_BYTES);
      List<String> lines =
          new String(all, from, all.length - from, StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .toList();
      Optional<String> error =
          lines.stream()
              .filter(line -> line.startsWith(SPEAKER))
              .map(line -> line.substring(SPEAKER.length()))
              .reduce((first, last) -> last);
      boolean onlyLog = error.isEmpty() && !killed && !lines.isEmpty();
      return onlyLog ? Optional.of(lines.get(lines.size() - 1)) : error;
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void rotate(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > LOG_MAX_BYTES) {
      Files.move(
          log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
