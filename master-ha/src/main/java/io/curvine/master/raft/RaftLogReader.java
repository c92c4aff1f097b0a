/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import com.google.protobuf.InvalidProtocolBufferException;
import io.curvine.protocol.proto.JournalEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;

/**
 * Reads the entries of a master's Raft log from its files, which it does not change; the master may
 * run meanwhile. Not thread-safe.
 */
public final class RaftLogReader {
  private static final Pattern GROUP = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /** Who wants the entries. */
  public interface Visitor {
    /** An entry with events, committed or not. */
    void entry(Position at, JournalEntry entry) throws IOException;

    /**
     * The entry of an index cannot be read; where it has no right checksum, those that follow it in
     * the file cannot either.
     *
     * @param position of the first byte that is wrong
     */
    void problem(Path file, long position, long index, String what);
  }

  private final List<RaftLogFiles> logs = new ArrayList<>();
  private final boolean live;

  private RaftLogReader(boolean live) {
    this.live = live;
  }

  /**
   * The log of a data directory.
   *
   * @param live a master may be running on it
   */
  public static RaftLogReader of(Path dataDir, boolean live) throws IOException {
    RaftLogReader reader = new RaftLogReader(live);
    Path storage = dataDir.resolve("raft");
    if (Files.isDirectory(storage)) {
      try (Stream<Path> groups = Files.list(storage)) {
        groups
            .map(group -> group.getFileName().toString())
            .filter(name -> GROUP.matcher(name).matches())
            .sorted()
            .forEach(name -> reader.logs.add(new RaftLogFiles(storage, UUID.fromString(name))));
      }
    }
    return reader;
  }

  /** Gives all entries that it holds, in order. */
  public void read(Visitor visitor) throws IOException {
    for (RaftLogFiles log : logs) {
      read(log, visitor);
    }
  }

  private void read(RaftLogFiles log, Visitor visitor) throws IOException {
    long nextFirst = 0;
    Optional<RaftLogFiles.File> next = from(log, nextFirst);
    while (next.isPresent()) {
      RaftLogFiles.File file = next.get();
      try {
        RaftSegment.Visitor each = (entry, at) -> visit(file.path(), at, entry, visitor);
        RaftSegment.Content content =
            live
                ? RaftSegment.readCopy(file.path(), file.first(), each)
                : RaftSegment.read(file.path(), file.first(), each);
        ending(file, content, visitor);
        nextFirst = file.first() + 1;
      } catch (NoSuchFileException e) {
        if (!live) {
          throw e;
        }
        // Closed, and so renamed, or purged: the list says which.
      }
      next = from(log, nextFirst);
    }
  }

  private static Optional<RaftLogFiles.File> from(RaftLogFiles log, long first) throws IOException {
    return log.files().stream().filter(file -> file.first() >= first).findFirst();
  }

  private static void visit(Path file, long at, LogEntryProto entry, Visitor visitor)
      throws IOException {
    if (!entry.hasStateMachineLogEntry()) {
      return;
    }
    JournalEntry parsed;
    try {
      parsed =
          JournalEntry.parseFrom(
              entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
    } catch (InvalidProtocolBufferException e) {
      visitor.problem(file, at, entry.getIndex(), "it is no entry of events: " + e.getMessage());
      return;
    }
    if (parsed.getEventsCount() > 0) {
      visitor.entry(new Position(entry.getTerm(), entry.getIndex()), parsed);
    }
  }

  private void ending(RaftLogFiles.File file, RaftSegment.Content content, Visitor visitor) {
    long next = file.first() + content.entries();
    boolean complete = file.open() || next == file.last() + 1;
    boolean beingWritten = file.open() && live;
    if (!complete || (content.ending() != RaftSegment.Ending.WHOLE && !beingWritten)) {
      visitor.problem(
          file.path(),
          content.goodBytes(),
          next,
          content.problem().isEmpty() ? "entries are missing at its end" : content.problem());
    }
  }
}
