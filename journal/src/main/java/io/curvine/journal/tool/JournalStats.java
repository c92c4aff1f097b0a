/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Principal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts events: by type, by who caused them, by hour, and by the directory of the entry that they
 * are about. Its memory is bounded, but for one line an hour of the journal. Not thread-safe.
 */
public final class JournalStats {
  /** Directories counted at a time; see {@link HeavyHitters}. */
  public static final int DIRECTORIES_MAX = 10_000;

  /** Principals counted at a time. */
  public static final int PRINCIPALS_MAX = 10_000;

  /** A number of events and their bytes. */
  public static final class Count {
    private long events;
    private long bytes;

    private void add(long more) {
      events++;
      bytes += more;
    }

    /** How many. */
    public long events() {
      return events;
    }

    /** Of the events themselves, without what a record adds. */
    public long bytes() {
      return bytes;
    }
  }

  private final Count all = new Count();
  private final Map<String, Count> types = new TreeMap<>();
  private final Map<Instant, Count> hours = new TreeMap<>();
  private final HeavyHitters principals = new HeavyHitters(PRINCIPALS_MAX);
  private final HeavyHitters directories = new HeavyHitters(DIRECTORIES_MAX);
  private long firstOffset = -1;
  private long lastOffset = -1;
  private long firstNanos;
  private long lastNanos;

  /** Counts an event. */
  public void add(ScannedEvent scanned) {
    Event event = scanned.event();
    long bytes = scanned.bytes();
    if (firstOffset < 0) {
      firstOffset = scanned.offset();
      firstNanos = event.getTimeNanos();
    }
    lastOffset = scanned.offset();
    lastNanos = event.getTimeNanos();
    all.add(bytes);
    types.computeIfAbsent(EventKinds.name(event), name -> new Count()).add(bytes);
    hours
        .computeIfAbsent(
            instant(event.getTimeNanos()).truncatedTo(ChronoUnit.HOURS), hour -> new Count())
        .add(bytes);
    principals.add(name(event.getPrincipal()), bytes);
    if (!event.getSubject().getPath().isEmpty()) {
      directories.add(parent(event.getSubject().getPath()), bytes);
    }
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, TimeUnit.SECONDS.toNanos(1)),
        Math.floorMod(nanos, TimeUnit.SECONDS.toNanos(1)));
  }

  /** A principal, for people: {@code ann(1000)}. */
  public static String name(Principal principal) {
    String uid = Integer.toUnsignedString(principal.getUid());
    return principal.getUser().isEmpty() ? uid : principal.getUser() + "(" + uid + ")";
  }

  private static String parent(ByteString path) {
    String text = path.toStringUtf8();
    int slash = text.lastIndexOf('/');
    return slash <= 0 ? "/" : text.substring(0, slash);
  }

  /** All events. */
  public Count all() {
    return all;
  }

  /** By the name of their kind. */
  public Map<String, Count> types() {
    return types;
  }

  /** By the hour in which they were decided, in order. */
  public Map<Instant, Count> hours() {
    return hours;
  }

  /** Who caused them. */
  public HeavyHitters principals() {
    return principals;
  }

  /** The directories of the entries that they are about. */
  public HeavyHitters directories() {
    return directories;
  }

  /** Of the first event; -1 where there is none. */
  public long firstOffset() {
    return firstOffset;
  }

  /** Of the last event; -1 where there is none. */
  public long lastOffset() {
    return lastOffset;
  }

  /** Of the first event. */
  public Instant firstTime() {
    return instant(firstNanos);
  }

  /** Of the last event. */
  public Instant lastTime() {
    return instant(lastNanos);
  }

  /** Events a second between the first and the last; 0 where no time passed. */
  public double rate() {
    double seconds = (lastNanos - firstNanos) / (double) TimeUnit.SECONDS.toNanos(1);
    return seconds <= 0 ? 0 : (all.events - 1) / seconds;
  }
}
