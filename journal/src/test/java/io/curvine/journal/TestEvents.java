/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.DirectoryMade;
import io.curvine.protocol.proto.EntryDeleted;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.UfsMounted;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Events for tests; an event's time in milliseconds is its number. */
public final class TestEvents {
  private TestEvents() {}

  /** The event of a number, always the same. */
  public static Event event(long number) {
    Event.Builder event =
        Event.newBuilder()
            .setTimeNanos(number * 1_000_000)
            .setSessionId(7)
            .setSeq(number)
            .setPrincipal(Principal.newBuilder().setUid(1000).setGid(100).setUser("ann"));
    Random random = new Random(number);
    byte[] name = new byte[1 + random.nextInt(60)];
    random.nextBytes(name);
    if (number % 3 == 0) {
      event.setDirectoryMade(
          DirectoryMade.newBuilder()
              .setInode(Inode.newBuilder().setId(number).setName(ByteString.copyFrom(name))));
    } else if (number % 3 == 1) {
      event.setEntryDeleted(
          EntryDeleted.newBuilder().setInode(number).setName(ByteString.copyFrom(name)));
    } else {
      event.setUfsMounted(
          UfsMounted.newBuilder()
              .setMount(
                  Mount.newBuilder()
                      .setId((int) number)
                      .putOptions("z", "1")
                      .putOptions("a" + number, "2")));
    }
    return event.build();
  }

  /** The events {@code from} to {@code to}, the last exclusive. */
  public static List<Event> events(long from, long to) {
    List<Event> events = new ArrayList<>();
    for (long number = from; number < to; number++) {
      events.add(event(number));
    }
    return events;
  }

  /** Everything from an offset to the end, in reads of a few bytes each. */
  static List<Event> readAll(JournalLog log, long from, int maxBytes) throws java.io.IOException {
    List<Event> all = new ArrayList<>();
    EventSlice slice = log.read(from, maxBytes);
    while (!slice.events().isEmpty()) {
      all.addAll(slice.events());
      slice = log.read(slice.nextOffset(), maxBytes);
    }
    return all;
  }
}
