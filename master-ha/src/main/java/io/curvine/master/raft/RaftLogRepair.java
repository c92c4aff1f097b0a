/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import io.curvine.master.disk.Quarantine;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a Raft log readable before Raft opens it: Ratis refuses to start on a file that is torn or
 * damaged. What cannot have been acknowledged is cut off. Where entries are lost that this master
 * may have acknowledged, it goes on {@link Probation} first (ADR 012).
 */
public final class RaftLogRepair {
  private static final Logger LOG = LoggerFactory.getLogger(RaftLogRepair.class);

  private final RaftLogFiles log;
  private final Quarantine quarantine;
  private final Probation probation;
  private final boolean alone;

  /**
   * @param alone no other master has the entries
   */
  public RaftLogRepair(
      RaftLogFiles log, Quarantine quarantine, Probation probation, boolean alone) {
    this.log = log;
    this.quarantine = quarantine;
    this.probation = probation;
    this.alone = alone;
  }

  /**
   * Repairs it.
   *
   * @param applied how far the state is: entries up to there are not needed any more
   * @throws IOException where the only copy of entries would be lost; nothing was changed then
   */
  public void run(Position applied) throws IOException {
    if (!log.exists()) {
      return;
    }
    repairMeta(Math.max(applied.term(), repairFiles(applied)));
    beginAfter(applied);
  }

  /** Leaves whole entries without a gap, and gives the last term seen. */
  private long repairFiles(Position applied) throws IOException {
    long lastTerm = 0;
    List<RaftLogFiles.File> files = log.files();
    int begin = 0;
    for (int i = 0; i < files.size(); i++) {
      RaftLogFiles.File file = files.get(i);
      RaftSegment.Content content = RaftSegment.read(file.path(), file.first());
      lastTerm = Math.max(lastTerm, content.lastTerm());
      String problem = problem(file, content, next(files, i));
      if (problem.isEmpty()) {
        continue;
      }
      String why = file.path() + ": " + problem;
      if (file.open() || file.last() > applied.index()) {
        cut(files, i, content, why);
        break;
      }
      // All of it is in the state: the log begins after it.
      String place = why + "; the state has all of it";
      log.move(files.subList(begin, i + 1), quarantine.place("raft-log", place));
      begin = i + 1;
    }
    return lastTerm;
  }

  /**
   * A log that ends before the state has nothing that is needed, and Ratis cannot go on with it.
   */
  private void beginAfter(Position applied) throws IOException {
    List<RaftLogFiles.File> files = log.files();
    if (files.isEmpty()) {
      return;
    }
    RaftLogFiles.File newest = files.get(files.size() - 1);
    long last =
        newest.open()
            ? newest.first() + RaftSegment.read(newest.path(), newest.first()).entries() - 1
            : newest.last();
    if (last < applied.index()) {
      String why = "the Raft log ends with " + last + ", the state with " + applied.index();
      log.moveTo(quarantine.place("raft-log", why));
    }
  }

  private static RaftLogFiles.File next(List<RaftLogFiles.File> files, int i) {
    return i + 1 < files.size() ? files.get(i + 1) : null;
  }

  /** What is wrong with a file, in itself or with what follows it; empty where nothing is. */
  private static String problem(
      RaftLogFiles.File file, RaftSegment.Content content, RaftLogFiles.File next) {
    long end = file.first() + content.entries() - 1;
    if (!file.open() && end < file.last()) {
      return "it ends with entry " + end + ", not " + file.last() + "; " + content.problem();
    }
    if (file.open() && content.ending() != RaftSegment.Ending.WHOLE) {
      return content.problem();
    }
    long last = file.open() ? end : file.last();
    if (next != null && next.first() != last + 1) {
      return "entries " + (last + 1) + " to " + (next.first() - 1) + " are missing after it";
    }
    return "";
  }

  private void cut(List<RaftLogFiles.File> files, int at, RaftSegment.Content content, String why)
      throws IOException {
    RaftLogFiles.File file = files.get(at);
    boolean newest = at == files.size() - 1 && file.open();
    boolean torn =
        newest
            && (content.ending() == RaftSegment.Ending.TORN
                || (alone && content.ending() == RaftSegment.Ending.SHORT));
    if (!torn) {
      lose(why);
    }
    LOG.warn("the Raft log is cut after entry {}: {}", file.first() + content.entries() - 1, why);
    Path aside = quarantine.place("raft-log", why);
    // The newest first: stopped half way, the log has no gap that was not there before.
    for (int i = files.size() - 1; i > at; i--) {
      log.move(List.of(files.get(i)), aside);
    }
    if (content.entries() == 0) {
      log.move(List.of(file), aside);
    } else if (content.ending() != RaftSegment.Ending.WHOLE) {
      log.cut(file, content.goodBytes(), aside);
    }
  }

  private void lose(String why) throws IOException {
    if (alone) {
      throw new IOException(
          why
              + "; there is no other master that has what is lost: restore the directory from a"
              + " backup");
    }
    probation.begin(Probation.Cause.LOST, why);
  }

  /** Term and vote. Where they are lost, so is the knowledge of whom this master voted for. */
  private void repairMeta(long lastTerm) throws IOException {
    Path meta = log.meta();
    String problem = metaProblem(meta);
    if (problem.isEmpty() || (!Files.exists(meta) && log.files().isEmpty())) {
      return;
    }
    if (!alone) {
      probation.begin(Probation.Cause.LOST, problem);
    }
    if (Files.exists(meta)) {
      quarantine.put(meta, "raft-meta", problem);
    }
    LOG.warn("begins with term {} and no vote: {}", lastTerm, problem);
    Path written = meta.resolveSibling("raft-meta.new");
    Files.writeString(written, "term=" + lastTerm + "\nvotedFor=\n", StandardCharsets.ISO_8859_1);
    try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(written, meta, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private static String metaProblem(Path meta) throws IOException {
    if (!Files.exists(meta)) {
      return meta + " is missing";
    }
    Properties values = new Properties();
    try (Reader reader = Files.newBufferedReader(meta, StandardCharsets.ISO_8859_1)) {
      values.load(reader);
      Long.parseLong(values.getProperty("term", ""));
    } catch (IllegalArgumentException e) {
      return meta + " has no term: " + e.getMessage();
    }
    return values.getProperty("votedFor") == null ? meta + " has no vote" : "";
  }
}
