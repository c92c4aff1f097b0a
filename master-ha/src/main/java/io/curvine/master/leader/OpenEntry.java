/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.leader;

import java.util.ArrayList;
import java.util.List;

/**
 * The commands that one Raft entry decides, with their answers. Filled by the decide thread; once
 * proposed it only changes its {@link Fate}, which is set once.
 */
final class OpenEntry {
  /** What became of it. */
  enum Fate {
    PENDING,
    APPLIED,
    VOID,
    FAILED
  }

  /** What fits into it beside what it has. */
  static final class Room {
    private final long bytesMax;
    private int commands;
    private long bytes;
    private boolean full;

    Room(int commands, long bytes, long bytesMax) {
      this.commands = commands;
      this.bytes = bytes;
      this.bytesMax = bytesMax;
    }

    /** Takes room for a command; the first one of an entry has room whatever its size. */
    boolean take(int sizeBytes) {
      if (commands == 0 || (bytes > 0 && bytes + sizeBytes > bytesMax)) {
        full = true;
        return false;
      }
      commands--;
      bytes += sizeBytes;
      return true;
    }

    /** Whether a command found no room. */
    boolean isFull() {
      return full;
    }
  }

  private record Answer(PendingCommand command, Reply reply) {}

  private final long id;
  private final List<Answer> answers = new ArrayList<>();
  private long bytes;
  private long proposedNanos;
  private Fate fate = Fate.PENDING;

  OpenEntry(long id) {
    this.id = id;
  }

  long id() {
    return id;
  }

  int size() {
    return answers.size();
  }

  /** What is left of an entry of at most so many commands and bytes. */
  Room room(int commandsMax, long bytesMax) {
    return new Room(Math.max(0, commandsMax - answers.size()), bytes, bytesMax);
  }

  void add(PendingCommand command, Reply reply) {
    answers.add(new Answer(command, reply));
    bytes += command.sizeBytes();
  }

  void proposed() {
    proposedNanos = System.nanoTime();
  }

  long nanosSinceProposed() {
    return System.nanoTime() - proposedNanos;
  }

  /** Whether this was the first to set it. */
  synchronized boolean end(Fate how) {
    if (fate != Fate.PENDING) {
      return false;
    }
    fate = how;
    return true;
  }

  synchronized Fate fate() {
    return fate;
  }

  /** Tells every caller what was decided. */
  void answerAll() {
    answers.forEach(answer -> answer.command.answer(answer.reply));
  }

  /** Tells every caller the same. */
  void answerAll(Reply reply) {
    answers.forEach(answer -> answer.command.answer(reply));
  }
}
