/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Processor time that the compilers of JVMs have used, by their threads: what a young process has
 * and an old one has not. Linux alone tells; elsewhere it is 0. Stateless.
 */
public final class CompilerClock {
  /** What /proc counts in, on every architecture that Java has. */
  private static final long MILLIS_PER_TICK = 10;

  private static final int USER_TIME = 11; // of what follows the name
  private static final int SYSTEM_TIME = 12;

  private CompilerClock() {}

  /** Of all of them together, until now; of what has ended, processes or threads, nothing. */
  public static long millis(Iterable<Long> pids) {
    long millis = 0;
    for (long pid : pids) {
      for (Path thread : threads(pid)) {
        millis += ofThread(thread);
      }
    }
    return millis;
  }

  private static List<Path> threads(long pid) {
    try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return all.toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // it has ended, or this is not Linux
    }
  }

  private static long ofThread(Path thread) {
    String stat;
    try {
      stat = Files.readString(thread.resolve("stat"));
    } catch (IOException e) {
      return 0; // it has ended
    }
    int nameEnds = stat.lastIndexOf(')');
    String name = stat.substring(stat.indexOf('(') + 1, nameEnds);
    if (!name.startsWith("C1 Comp") && !name.startsWith("C2 Comp")) {
      return 0;
    }
    List<String> words = List.of(stat.substring(nameEnds + 2).split(" "));
    long ticks = Long.parseLong(words.get(USER_TIME)) + Long.parseLong(words.get(SYSTEM_TIME));
    return ticks * MILLIS_PER_TICK;
  }
}
