/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import java.util.Arrays;

/**
 * A bounded cache of one family, keys and values as stored, in a few large arrays: millions of
 * entries that the garbage collector neither copies nor visits, a third of the memory of objects,
 * written by an applier for little more than the copy. That a key is absent is cached too. Values
 * that are read again and again, directories above all, are kept parsed as well.
 *
 * <p>Thread-safe. Correct only if the database is written before {@link #put}, and {@link #ticket}
 * is taken before the database is read for {@link #fill}: what was read before a change is not kept
 * after it.
 */
final class PackedCache<V> {
  /** What {@link #get} answers for a key that is known not to be there. */
  static final Object ABSENT = new Object();

  private static final int SEGMENT_BITS = 5;

  private final ColumnFamily<V> family;
  private final PackedSegment[] segments = new PackedSegment[1 << SEGMENT_BITS];
  private final Parsed[] parsed;

  /** A value that is the key's for as long as its ticket is. */
  private record Parsed(Key key, int ticket, Object value) {}

  /**
   * An empty cache.
   *
   * @param bytesMax of all entries; half a MiB where that is more; tables take about a fifth more
   * @param parsedBits 2 to this many values are kept parsed; 0: none
   */
  PackedCache(ColumnFamily<V> family, long bytesMax, int parsedBits) {
    this.family = family;
    this.parsed = new Parsed[parsedBits == 0 ? 0 : 1 << parsedBits];
    for (int i = 0; i < segments.length; i++) {
      segments[i] = new PackedSegment(bytesMax >> SEGMENT_BITS);
    }
  }

  /** The value, {@link #ABSENT}, or null where the cache does not know. */
  Object get(Key key) {
    if (parsed.length == 0) {
      return read(key);
    }
    int place = key.hashCode() & (parsed.length - 1);
    Parsed known = parsed[place];
    int ticket = ticket(key);
    if (known != null && known.ticket == ticket && known.key.equals(key)) {
      return known.value;
    }
    Object value = read(key);
    if (value != null) {
      parsed[place] = new Parsed(key, ticket, value);
    }
    return value;
  }

  private Object read(Key key) {
    PackedSegment segment = segment(key);
    synchronized (segment) {
      int at = segment.find(spread(key), key.bytes());
      if (at < 0) {
        return null;
      }
      return segment.isAbsent(at)
          ? ABSENT
          : family.toValue(segment.array(at), segment.valueAt(at), segment.valueLength(at));
    }
  }

  /** Changes whenever the key does; to be taken before the database is read. */
  int ticket(Key key) {
    return segment(key).changes(spread(key));
  }

  /**
   * Keeps what the database had, unless the key may have changed since the ticket was taken.
   *
   * @param stored null: absent
   */
  void fill(Key key, byte[] stored, int ticket) {
    PackedSegment segment = segment(key);
    int hash = spread(key);
    synchronized (segment) {
      if (segment.changes(hash) == ticket) {
        segment.store(hash, key.bytes(), stored);
      }
    }
  }

  /**
   * Keeps what the database has now.
   *
   * @param stored null: absent
   */
  void put(Key key, byte[] stored) {
    PackedSegment segment = segment(key);
    int hash = spread(key);
    synchronized (segment) {
      segment.change(hash);
      segment.store(hash, key.bytes(), stored);
    }
  }

  /** What the entries can take; less as long as there are few. */
  long capacityBytes() {
    return Arrays.stream(segments).mapToLong(PackedSegment::capacityBytes).sum();
  }

  private PackedSegment segment(Key key) {
    return segments[key.hashCode() & (segments.length - 1)];
  }

  /** The part of the hash that the choice of the segment leaves. */
  private static int spread(Key key) {
    return key.hashCode() >>> SEGMENT_BITS;
  }
}
