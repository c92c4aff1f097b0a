/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import com.google.protobuf.ByteString;
import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.journal.RaftPlace;
import io.curvine.journal.StoredEvent;
import io.curvine.protocol.proto.ClusterFormed;
import io.curvine.protocol.proto.DirectoryMade;
import io.curvine.protocol.proto.EntryDeleted;
import io.curvine.protocol.proto.EntryRenamed;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FileCreated;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.LeadershipClaimed;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Journals for tests. */
final class TestJournal {
  static final JournalConfig SMALL =
      new JournalConfig(8 << 10, Long.MAX_VALUE, Duration.ofDays(9999));

  /** 2026-01-01T00:00:00Z. */
  static final long BEGIN_NANOS = 1_767_225_600_000_000_000L;

  private static final String[] USERS = {"ann", "bob", "root"};

  private TestJournal() {}

  /** The event of a number; a second after the one before. */
  static Event event(long number, Random random) {
    int who = random.nextInt(USERS.length);
    Event.Builder event =
        Event.newBuilder()
            .setTimeNanos(BEGIN_NANOS + number * 1_000_000_000L)
            .setSessionId(1 + random.nextInt(5))
            .setSeq(number)
            .setPrincipal(
                Principal.newBuilder().setUid(1000 + who).setGid(100).setUser(USERS[who]));
    if (number == 0) {
      return event
          .setClusterFormed(
              ClusterFormed.newBuilder().setClusterId("c-1").setRoot(Inode.newBuilder().setId(1)))
          .build();
    }
    String directory = "/d" + random.nextInt(8);
    ByteString path = ByteString.copyFromUtf8(directory + "/f" + number);
    ByteString name = ByteString.copyFromUtf8("f" + number);
    Inode inode = Inode.newBuilder().setId(number).setName(name).setMode(0644).build();
    switch (random.nextInt(5)) {
      case 0 -> event.setDirectoryMade(DirectoryMade.newBuilder().setInode(inode));
      case 1 -> event.setFileCreated(FileCreated.newBuilder().setInode(inode));
      case 2 -> event.setEntryDeleted(EntryDeleted.newBuilder().setInode(number).setName(name));
      case 3 -> {
        event.setEntryRenamed(
            EntryRenamed.newBuilder().setInode(number).setFromName(name).setToName(name));
        event.getSubjectBuilder().setOldPath(ByteString.copyFromUtf8("/old/f" + number));
      }
      default -> {
        return event
            .setLeadershipClaimed(LeadershipClaimed.newBuilder().setEpoch(number).setNodeId("m1"))
            .build();
      }
    }
    event.setSubject(
        event.getSubjectBuilder().mergeFrom(Subject.newBuilder().setPath(path).build()));
    return event.build();
  }

  /** Events of a seed, from offset 0. */
  static List<Event> events(int count, long seed) {
    Random random = new Random(seed);
    List<Event> events = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      events.add(event(number, random));
    }
    return events;
  }

  /** A closed journal with these events, in batches of sizes of the seed. */
  static Path write(Path directory, List<Event> events, long seed) throws IOException {
    Random random = new Random(seed);
    try (JournalLog log = JournalLog.open(directory, SMALL)) {
      append(log, events, random);
    }
    return directory;
  }

  static void append(JournalLog log, List<Event> events, Random random) throws IOException {
    for (int from = (int) log.nextOffset(); from < events.size(); ) {
      int to = Math.min(events.size(), from + 1 + random.nextInt(12));
      log.append(from, StoredEvent.all(events.subList(from, to)), new RaftPlace(2, 100L + from));
      from = to;
    }
  }

  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  static List<Path> logs(Path directory) throws IOException {
    return files(directory).stream().filter(file -> file.toString().endsWith(".log")).toList();
  }

  /** Names, sizes and contents, to see that nothing was changed. */
  static List<String> fingerprint(Path directory) throws IOException {
    List<String> all = new ArrayList<>();
    for (Path file : files(directory)) {
      all.add(
          file.getFileName()
              + " "
              + Files.getLastModifiedTime(file)
              + " "
              + java.util.Arrays.hashCode(Files.readAllBytes(file)));
    }
    return all;
  }

  /** What is the matter with a journal whose master is stopped. */
  static List<Finding> verify(Path directory) throws IOException {
    return JournalVerify.directory(directory, false, 2).findings();
  }
}
