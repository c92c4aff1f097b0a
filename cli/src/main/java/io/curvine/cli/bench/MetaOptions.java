/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.config.Units;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code curvine bench meta} that say what is measured. */
final class MetaOptions {
  @Option(
      names = "--stages",
      paramLabel = "STAGE,...",
      description =
          "In this order: echo (a command that changes nothing, through Raft: the ceiling), fsync, create,"
              + " stat, open, rename, delete, list, mkdir; 'none' with --mix alone."
              + " Default: echo,fsync,create,stat,open,rename,delete.")
  private String stages = "echo,fsync,create,stat,open,rename,delete";

  @Option(
      names = "--mix",
      paramLabel = "STAGE=WEIGHT,...",
      description = "Measure a mix as well, for example stat=70,create=20,delete=10.")
  private String mix;

  @Option(
      names = "--concurrency",
      paramLabel = "N,...",
      description = "Calls open at a time over all clients, a row each. Default: ${DEFAULT-VALUE}.",
      defaultValue = "1,40,256,1024")
  private String concurrency;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      defaultValue = "3s",
      description = "Before each measurement. Default: ${DEFAULT-VALUE}.")
  private String warmup;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "Of each measurement. Default: ${DEFAULT-VALUE}.")
  private String duration;

  @Option(
      names = "--fill",
      paramLabel = "TIME",
      defaultValue = "2s",
      description =
          "Make files for so long before a stage that deletes, and before one that needs files where there"
              + " are none. Default: ${DEFAULT-VALUE}.")
  private String fill;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "1",
      description = "Client processes. Default: ${DEFAULT-VALUE}.")
  private int clients;

  @Option(
      names = "--dirs",
      paramLabel = "N",
      defaultValue = "40",
      description = "Directories that files are spread over. Default: ${DEFAULT-VALUE}.")
  private int directories;

  @Option(names = "--shared-dir", description = "One directory for all files: --dirs 1.")
  private boolean sharedDirectory;

  @Option(
      names = "--files-per-dir",
      paramLabel = "N",
      defaultValue = "0",
      description = "At most so many files are made in a directory; 0: no limit.")
  private long filesPerDirectory;

  @Option(
      names = "--depth",
      paramLabel = "N",
      defaultValue = "1",
      description = "Directories between that of a row and a file. Default: ${DEFAULT-VALUE}.")
  private int depth;

  @Option(
      names = "--by",
      paramLabel = "path|child",
      defaultValue = "path",
      description =
          "Name entries by path, or by parent inode and name as a mount does."
              + " Default: ${DEFAULT-VALUE}.")
  private String by;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Measure create, stat, rename, delete and mkdir a second time with N operations in a call, in rows"
              + " of their own; files are then made and closed in one command in both. 0: no; at most 1000.")
  private int batch;

  @Option(
      names = "--rate",
      paramLabel = "CALLS/S",
      defaultValue = "0",
      description =
          "Make so many calls a second over all clients, and count latencies from when each was due;"
              + " 0: a call when one has ended.")
  private double rate;

  @Option(
      names = "--fsync-dir",
      paramLabel = "DIR",
      description = "Where fsync is measured: on the masters' disk. Default with --local: theirs.")
  private Path fsyncDirectory;

  @Option(
      names = "--verify-after",
      description =
          "List everything after the last stage, and fail unless exactly what was acknowledged is there.")
  private boolean verify;

  /** Where fsync is measured; empty: not given. */
  Optional<Path> fsyncDirectory() {
    return Optional.ofNullable(fsyncDirectory);
  }

  boolean verify() {
    return verify;
  }

  /**
   * All of it.
   *
   * @throws IllegalArgumentException naming what is wrong and what is allowed
   */
  MetaPlan plan() {
    if (!by.equals("path") && !by.equals("child")) {
      throw new IllegalArgumentException("--by is '" + by + "'; allowed: path, child");
    }
    return new MetaPlan(
        stages(),
        Optional.ofNullable(mix).map(Mix::parse),
        numbers(),
        new MetaPlan.Times(
            time("--warmup", warmup), time("--duration", duration), time("--fill", fill)),
        clients,
        new MetaPlan.Tree(
            sharedDirectory ? 1 : directories, filesPerDirectory, depth, by.equals("child")),
        batch,
        rate);
  }

  private List<Stage> stages() {
    if (stages.equals("none")) {
      return List.of();
    }
    return Arrays.stream(stages.split(",", -1)).map(String::trim).map(Stage::parse).toList();
  }

  private List<Integer> numbers() {
    List<Integer> numbers = new ArrayList<>();
    for (String part : concurrency.split(",", -1)) {
      try {
        numbers.add(Integer.parseInt(part.trim()));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "--concurrency has '" + part + "'; allowed: numbers such as 1,40,256", e);
      }
    }
    return numbers;
  }

  static Duration time(String option, String text) {
    try {
      return Units.duration(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          option + " is '" + text + "'; allowed: a time such as 500ms, 10s, 2m", e);
    }
  }
}
