/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** What is measured through the mount, beside what, and how near it is to come to that. */
enum FuseCase {
  READ("read", Against.NULL, 0.8, Kind.RATES),
  READ_RANDOM("read-random", Against.NULL, 0.7, Kind.RATES),
  READ_CACHED("read-cached", Against.LOCAL, 0.9, Kind.RATES),
  READ_REOPENED("read-reopened", Against.LOCAL, 0.9, Kind.RATES),
  STAT("stat", Against.NULL, 0.5, Kind.RATES),
  STAT_CACHED("stat-cached", Against.LOCAL, 0.8, Kind.RATES),
  OPEN_CACHED("open-cached", Against.LOCAL, 0.8, Kind.RATES),
  CREATE("create", Against.CLIENT, 0.7, Kind.RATES),
  WRITE("write", Against.CLIENT, 0.8, Kind.RATES),
  LIST("list", Against.LOCAL, 3, Kind.TIMES),
  CLONE("clone", Against.LOCAL, 4, Kind.TIMES);

  /** What it is compared with. */
  enum Against {
    NULL("null"),
    LOCAL("local"),
    CLIENT("client");

    private final String word;

    Against(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /**
   * How near to come.
   *
   * @param ratio of the mount to the other
   * @param ofTimes it is one of times, and less is better; else one of rates
   */
  record Goal(double ratio, boolean ofTimes) {}

  /** Of what a goal is a ratio. */
  private enum Kind {
    RATES,
    TIMES
  }

  private final String word;
  private final Against against;
  private final double goal;
  private final Kind kind;

  FuseCase(String word, Against against, double goal, Kind kind) {
    this.word = word;
    this.against = against;
    this.goal = goal;
    this.kind = kind;
  }

  String word() {
    return word;
  }

  Against against() {
    return against;
  }

  Goal goal() {
    return new Goal(goal, kind == Kind.TIMES);
  }

  /**
   * Of words with commas between.
   *
   * @throws IllegalArgumentException naming what is allowed
   */
  static List<FuseCase> parse(String words) {
    List<FuseCase> cases = new ArrayList<>();
    for (String each : words.split(",", -1)) {
      cases.add(one(each.trim()));
    }
    return List.copyOf(cases);
  }

  private static FuseCase one(String word) {
    return Arrays.stream(values())
        .filter(each -> each.word.equals(word))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("--cases has '" + word + "'; allowed: " + words()));
  }

  /** All of them, with commas between. */
  static String words() {
    return Arrays.stream(values()).map(FuseCase::word).collect(Collectors.joining(","));
  }

  /** For the help. */
  static final class Words implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(values()).map(FuseCase::word).iterator();
    }
  }
}
