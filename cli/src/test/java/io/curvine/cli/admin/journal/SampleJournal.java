/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import com.google.protobuf.ByteString;
import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.journal.RaftPlace;
import io.curvine.journal.StoredEvent;
import io.curvine.protocol.proto.ClusterFormed;
import io.curvine.protocol.proto.EntryRenamed;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FileCreated;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.Subject;
import io.curvine.protocol.proto.XattrSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A journal for tests: a cluster, then files of ann, each renamed by bob. */
final class SampleJournal {
  static final JournalConfig CONFIG =
      new JournalConfig(4 << 10, Long.MAX_VALUE, Duration.ofDays(9999));

  /** 2026-01-01T00:00:00Z. */
  private static final long BEGIN_NANOS = 1_767_225_600_000_000_000L;

  private SampleJournal() {}

  /** The event of a number; a minute after the one before. */
  static Event event(long number) {
    boolean renames = number % 2 == 0;
    Event.Builder event =
        Event.newBuilder()
            .setTimeNanos(BEGIN_NANOS + number * 60_000_000_000L)
            .setSessionId(3)
            .setSeq(number)
            .setPrincipal(
                Principal.newBuilder()
                    .setUid(renames ? 1001 : 1000)
                    .setGid(100)
                    .setUser(renames ? "bob" : "ann"));
    if (number == 0) {
      return event
          .setClusterFormed(
              ClusterFormed.newBuilder().setClusterId("c-1").setRoot(Inode.newBuilder().setId(1)))
          .build();
    }
    if (number == 1) {
      return event
          .setSubject(Subject.newBuilder().setPath(ByteString.copyFromUtf8("/a\tb")))
          .setXattrSet(
              XattrSet.newBuilder()
                  .setInode(1)
                  .setName(ByteString.copyFromUtf8("user.x"))
                  .setValue(ByteString.copyFrom(new byte[] {(byte) 0xff, 1})))
          .build();
    }
    long file = number / 2;
    ByteString created = ByteString.copyFromUtf8("/in/f" + file);
    ByteString name = ByteString.copyFromUtf8("f" + file);
    Subject.Builder subject = Subject.newBuilder().setType(InodeType.FILE).setVersion(1);
    if (renames) {
      return event
          .setSubject(subject.setPath(ByteString.copyFromUtf8("/out/f" + file)).setOldPath(created))
          .setEntryRenamed(
              EntryRenamed.newBuilder().setInode(file).setFromName(name).setToName(name))
          .build();
    }
    return event
        .setSubject(subject.setPath(created))
        .setFileCreated(
            FileCreated.newBuilder().setInode(Inode.newBuilder().setId(file).setName(name)))
        .build();
  }

  static void append(JournalLog log, int events) throws IOException {
    for (int i = 0; i < events; i++) {
      long next = log.nextOffset();
      log.append(next, StoredEvent.all(List.of(event(next))), new RaftPlace(1, 10 + next));
    }
  }

  static Path write(Path directory, int events) throws IOException {
    try (JournalLog log = JournalLog.open(directory, CONFIG)) {
      append(log, events);
    }
    return directory;
  }
}
