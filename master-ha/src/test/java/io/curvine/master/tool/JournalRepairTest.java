/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.journal.tool.JournalCursor;
import io.curvine.journal.tool.JournalReader;
import io.curvine.master.SingleMaster;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The last resorts, on the directory of a master that has served. */
@Timeout(180)
class JournalRepairTest {
  @TempDir Path directory;
  private Path data;
  private long beforeLate;
  private long end;
  private JournalRepair repair;

  @BeforeEach
  void serve() throws IOException {
    data = directory.resolve("m1");
    try (SingleMaster master = SingleMaster.start(data)) {
      master.mkdir("/early");
      master.mkdir("/early/below");
    }
    beforeLate = end();
    try (SingleMaster master = SingleMaster.start(data)) {
      master.mkdir("/late");
      master.mkdir("/last");
    }
    end = end();
    repair = new JournalRepair(data, Clock.systemUTC(), (events, offset, target) -> {});
  }

  private long end() throws IOException {
    try (ReplaySources sources = ReplaySources.of(data)) {
      return sources.end();
    }
  }

  /** Of the event that made a directory. */
  private long offsetOf(String name) throws IOException {
    try (JournalCursor cursor = JournalReader.open(JournalPlace.of(data).journal()).from(0)) {
      while (cursor.next()) {
        Event event = cursor.event();
        if (event.hasDirectoryMade()
            && event.getDirectoryMade().getInode().getName().toStringUtf8().equals(name)) {
          return cursor.offset();
        }
      }
    }
    throw new AssertionError("nothing made " + name);
  }

  @Test
  void whatIsPastAnOffsetIsTakenBack() throws IOException {
    JournalRepair.Plan plan = repair.planTruncate(beforeLate);
    assertThat(plan.lost()).isEqualTo(end - beforeLate);
    assertThat(plan.lostFrom()).isNotNull();
    assertThat(end()).as("a plan changes nothing").isEqualTo(end);
    Restore.Outcome outcome = repair.truncate(beforeLate);
    assertThat(outcome.offset()).isEqualTo(beforeLate + 1);
    assertThat(outcome.backup().resolve("state/CURRENT")).exists();
    try (SingleMaster master = SingleMaster.start(data)) {
      assertThat(master.exists("/early")).isTrue();
      assertThat(master.exists("/late")).isFalse();
      assertThat(master.clusterId()).isEqualTo(outcome.clusterId());
    }
    try (var siblings = Files.list(directory)) {
      assertThat(siblings).containsExactly(data);
    }
  }

  /** A state that has the event needs only a journal without it. */
  @Test
  void anEventThatTheStateHasIsNotLost() throws IOException {
    JournalRepair.Plan plan = repair.planSkip(beforeLate, beforeLate + 1);
    assertThat(plan.lost()).isZero();
    assertThat(plan.events()).isZero();
    Restore.Outcome outcome = repair.skip(beforeLate, beforeLate + 1);
    assertThat(outcome.offset()).isEqualTo(end + 1);
    try (SingleMaster master = SingleMaster.start(data)) {
      assertThat(master.exists("/early")).isTrue();
      assertThat(master.exists("/late")).isTrue();
      master.mkdir("/new");
      assertThat(master.exists("/new")).isTrue();
    }
  }

  /** Without a state the events before it are folded, it is passed over, and those behind are. */
  @Test
  void anEventThatNoStateHasIsPassedOver() throws IOException {
    Path journal = JournalPlace.of(data).journal();
    long late = offsetOf("late");
    Path made = directory.resolve("made");
    try (ReplaySources sources = ReplaySources.of(journal)) {
      Replayed.Outcome outcome =
          Replayed.makeWithout(sources, late, late + 1, made, 1, (events, offset, target) -> {});
      assertThat(outcome.offset()).isEqualTo(end);
      assertThat(outcome.fromOffset()).isZero();
    }
    Path other = directory.resolve("other");
    new Restore(other, Clock.systemUTC()).run(made, false);
    try (SingleMaster master = SingleMaster.start(other)) {
      assertThat(master.exists("/early")).isTrue();
      assertThat(master.exists("/late")).isFalse();
      assertThat(master.exists("/last")).isTrue();
    }
  }

  @Test
  void whatCannotBeIsRefused() throws IOException {
    assertThatThrownBy(() -> repair.planTruncate(end + 1))
        .isInstanceOf(CurvineException.class)
        .hasMessageContaining("allowed: 0 to " + end);
    assertThatThrownBy(() -> repair.skip(5, 5)).hasMessageContaining("allowed: one or more");
    assertThatThrownBy(() -> repair.planSkip(0, 1)).hasMessageContaining("forms the cluster");
    try (SingleMaster master = SingleMaster.start(data)) {
      assertThatThrownBy(() -> repair.truncate(beforeLate))
          .hasMessageContaining("a master, or a tool, runs on");
      assertThat(master.exists("/last")).isTrue();
    }
  }
}
