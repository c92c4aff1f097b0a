/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.command.MasterProbe;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Pong;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Looks how the masters are. Thread-safe. */
final class MastersWatch {
  /** For a master that was killed to be back and in step. */
  private static final Duration BACK_MAX = Duration.ofMinutes(5);

  private static final long LOOK_MILLIS = 50;

  /** A follower that is behind by no more is in step, under load. */
  private static final long IN_STEP_EVENTS = 50_000;

  private final List<HostPort> masters;

  MastersWatch(List<HostPort> masters) {
    this.masters = masters;
  }

  /** All of them, the leader first, once all answer and have nearly what it has. */
  List<Pong> awaitInStep() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + BACK_MAX.toNanos();
    while (System.nanoTime() - deadline < 0) {
      List<Pong> pongs = pongs();
      if (pongs.size() == masters.size() && leads(pongs.get(0)) && inStep(pongs)) {
        return pongs;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    throw new IOException("the masters are not all in step again after " + BACK_MAX);
  }

  private static boolean leads(Pong pong) {
    return MasterProcesses.MasterProcess.of(pong).leads();
  }

  private static boolean inStep(List<Pong> pongs) {
    long most = pongs.stream().mapToLong(Pong::getAppliedOffset).max().orElse(0);
    long least = pongs.stream().mapToLong(Pong::getAppliedOffset).min().orElse(0);
    return most - least <= IN_STEP_EVENTS;
  }

  /** The newest term that one of them has seen. */
  long term() {
    return pongs().stream().mapToLong(Pong::getTerm).max().orElse(0);
  }

  /** Those that answer, one that leads first. */
  private List<Pong> pongs() {
    return MasterProbe.ask(masters).values().stream()
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(pong -> !leads(pong)))
        .toList();
  }
}
