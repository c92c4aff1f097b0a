/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this master may have forgotten what it acknowledged: entries, a vote. While it may, it
 * neither votes nor stands for election, because its vote could make a leader of a master that
 * lacks entries which only this one and the last leader had (ADR 012). The file {@code probation}
 * keeps that over restarts. Thread-safe.
 */
public final class Probation {
  private static final Logger LOG = LoggerFactory.getLogger(Probation.class);

  /** Why a master is on probation. */
  public enum Cause {
    /** Its directory was empty: it is new, or its disk was replaced. */
    NEW,
    /** Something that it had is lost. */
    LOST
  }

  private final Path file;
  private volatile Cause cause;

  private Probation(Path file, Cause cause) {
    this.file = file;
    this.cause = cause;
  }

  /** As it was left in a master's directory. */
  public static Probation open(Path directory) throws IOException {
    Path file = directory.resolve("probation");
    if (!Files.exists(file)) {
      return new Probation(file, null);
    }
    // What cannot be read was not written for a new master: its file is made before all else.
    boolean asNew = Files.readString(file, StandardCharsets.ISO_8859_1).startsWith("NEW ");
    return new Probation(file, asNew ? Cause.NEW : Cause.LOST);
  }

  /** Begins, or goes on; durable when it returns. */
  public synchronized void begin(Cause why, String reason) throws IOException {
    if (cause == Cause.LOST) {
      return;
    }
    LOG.warn("does not vote until a leader has brought it up to date: {}", reason);
    Path next = file.resolveSibling("probation.next");
    Files.writeString(next, why + " " + reason + "\n", StandardCharsets.UTF_8);
    sync(next, StandardOpenOption.WRITE);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(file.getParent(), StandardOpenOption.READ);
    cause = why;
  }

  /** This master has all that it can have acknowledged. */
  public synchronized void end(String reason) throws IOException {
    Files.deleteIfExists(file);
    sync(file.getParent(), StandardOpenOption.READ);
    if (cause != null) {
      LOG.info("votes from now on: {}", reason);
    }
    cause = null;
  }

  /** Whether this master must not take part in elections. */
  public boolean active() {
    return cause != null;
  }

  /** Whether it is on probation only because its directory was empty. */
  public boolean isNew() {
    return cause == Cause.NEW;
  }

  private static void sync(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }
}
