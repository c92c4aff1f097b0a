/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A part of a {@link PackedCache}: records one behind the other, and a table of where they are.
 *
 * <p>They are in chunks, arrays that are made when they are needed and written round and round. A
 * chunk that is to be written again keeps, at its beginning, the records that were read since it
 * was last written (at most half of it); the others are gone. That is CLOCK, with a hand that moves
 * a chunk at a time.
 *
 * <p>To be used under its own lock; only {@link #changes} is read without it.
 */
final class PackedSegment {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(int[].class);

  /** Or up to twice as many: the length of a chunk is a power of two. */
  private static final int CHUNKS_MIN = 4;

  private static final int CHUNK_MIN_BYTES = 4 << 10;
  private static final long BYTES_MAX = 1 << 30;

  /** Places of a set; a key can be at any of its set's. */
  private static final int WAYS = 8;

  /** A place for so many bytes; the record of a short name takes about as much. */
  private static final int BYTES_PER_PLACE = 48;

  private static final int SETS_MAX = 1 << 22;

  // A record: hash, length of the key, length of the value or ABSENT, key, value.
  private static final int KEY_LENGTH_AT = 4;
  private static final int VALUE_LENGTH_AT = 6;
  private static final int HEADER_BYTES = 10;
  private static final int ABSENT = -1;

  private static final int NOWHERE = -1;

  // A place: position + 1, tag, read.
  private static final long EMPTY = 0;
  private static final int POSITION_SHIFT = 9;
  private static final long TAG_MASK = 0xFF;
  private static final long READ = 0x100;
  private static final int HASH_BITS = 27;
  private static final int TAG_MULTIPLIER = 0x9E3779B1;

  private final byte[][] chunks;
  private final int chunkShift;
  private final int chunkBytes;
  private final int[] chunkEnds;
  private int chunk;
  private int end;

  /**
   * For each place where its record is, a few bits of the key's hash, so that records of other keys
   * are seldom looked at, and whether it was read; {@link #EMPTY}: none. A set is a cache line.
   */
  private final long[] places;

  private final int[] changes;
  private int turn;

  PackedSegment(long bytes) {
    long part = Math.max(CHUNK_MIN_BYTES, Math.min(bytes, BYTES_MAX) / CHUNKS_MIN);
    chunkBytes = (int) Long.highestOneBit(part);
    chunkShift = Integer.numberOfTrailingZeros(chunkBytes);
    chunks = new byte[(int) Math.max(CHUNKS_MIN, Math.min(bytes, BYTES_MAX) / chunkBytes)][];
    chunkEnds = new int[chunks.length];
    for (int i = 0; i < chunks.length; i++) {
      chunkEnds[i] = i * chunkBytes;
    }
    chunks[0] = new byte[chunkBytes];
    int sets = Math.min(SETS_MAX, capacityBytes() / BYTES_PER_PLACE / WAYS);
    places = new long[sets * WAYS];
    changes = new int[sets];
  }

  /** What all chunks take once they are needed. */
  int capacityBytes() {
    return chunks.length * chunkBytes;
  }

  /** The array that has a record, {@link #at} a place. */
  byte[] array(int record) {
    return chunks[record >>> chunkShift];
  }

  private int at(int record) {
    return record & (chunkBytes - 1);
  }

  /** How often keys of the same set have changed. Thread-safe. */
  int changes(int hash) {
    return (int) COUNTS.getAcquire(changes, set(hash));
  }

  void change(int hash) {
    int set = set(hash);
    COUNTS.setRelease(changes, set, changes[set] + 1);
  }

  /** Where the key's record is; negative where it is not. */
  int find(int hash, byte[] key) {
    int place = place(hash, key);
    if (place < 0) {
      return NOWHERE;
    }
    places[place] |= READ;
    return position(place);
  }

  boolean isAbsent(int record) {
    return (int) INTS.get(array(record), at(record) + VALUE_LENGTH_AT) == ABSENT;
  }

  /** Where in its array a record's value begins. */
  int valueAt(int record) {
    return at(record) + HEADER_BYTES + keyLength(record);
  }

  int valueLength(int record) {
    return Math.max(0, (int) INTS.get(array(record), at(record) + VALUE_LENGTH_AT));
  }

  private int keyLength(int record) {
    return (short) SHORTS.get(array(record), at(record) + KEY_LENGTH_AT);
  }

  private int size(int record) {
    return HEADER_BYTES + keyLength(record) + valueLength(record);
  }

  private int hash(int record) {
    return (int) INTS.get(array(record), at(record));
  }

  private boolean isOf(int record, byte[] key) {
    int at = at(record) + HEADER_BYTES;
    return keyLength(record) == key.length
        && Arrays.equals(array(record), at, at + key.length, key, 0, key.length);
  }

  private int set(int hash) {
    return (int) (((long) hash * changes.length) >>> HASH_BITS);
  }

  private static int tag(int hash) {
    return (hash * TAG_MULTIPLIER) >>> (Integer.SIZE - Byte.SIZE);
  }

  private static long placed(int position, int hash) {
    return ((long) (position + 1) << POSITION_SHIFT) | tag(hash);
  }

  /** Negative where the place is empty. */
  private int position(int place) {
    return (int) (places[place] >>> POSITION_SHIFT) - 1;
  }

  private boolean wasRead(int place) {
    return (places[place] & READ) != 0;
  }

  private int place(int hash, byte[] key) {
    int tag = tag(hash);
    int first = set(hash) * WAYS;
    for (int place = first; place < first + WAYS; place++) {
      long placed = places[place];
      if ((placed & TAG_MASK) == tag && placed != EMPTY && isOf(position(place), key)) {
        return place;
      }
    }
    return NOWHERE;
  }

  /**
   * Keeps a record, in the place of the key's former one.
   *
   * @param value null: the key is absent
   */
  void store(int hash, byte[] key, byte[] value) {
    int size = HEADER_BYTES + key.length + (value == null ? 0 : value.length);
    int place = place(hash, key);
    if (place >= 0 && size(position(place)) == size) {
      write(position(place), hash, key, value);
      return;
    }
    if (place >= 0) {
      places[place] = EMPTY;
    }
    if (size > chunkBytes / 2) {
      return;
    }
    if ((chunk + 1) * chunkBytes - end < size) {
      beginNextChunk();
    }
    int free = freePlace(set(hash) * WAYS);
    write(end, hash, key, value);
    places[free] = placed(end, hash);
    end += size;
  }

  private void write(int record, int hash, byte[] key, byte[] value) {
    byte[] to = array(record);
    int at = at(record);
    INTS.set(to, at, hash);
    SHORTS.set(to, at + KEY_LENGTH_AT, (short) key.length);
    INTS.set(to, at + VALUE_LENGTH_AT, value == null ? ABSENT : value.length);
    System.arraycopy(key, 0, to, at + HEADER_BYTES, key.length);
    if (value != null) {
      System.arraycopy(value, 0, to, at + HEADER_BYTES + key.length, value.length);
    }
  }

  /** An empty place of the set; else that of a record which was not read lately. */
  private int freePlace(int first) {
    int idle = NOWHERE;
    for (int place = first; place < first + WAYS; place++) {
      if (places[place] == EMPTY) {
        return place;
      }
      if (!wasRead(place)) {
        idle = place;
      }
    }
    if (idle < 0) {
      for (int place = first; place < first + WAYS; place++) {
        places[place] &= ~READ;
      }
      idle = first + (turn++ & (WAYS - 1));
    }
    return idle;
  }

  private void beginNextChunk() {
    chunkEnds[chunk] = end;
    chunk = (chunk + 1) % chunks.length;
    if (chunks[chunk] == null) {
      chunks[chunk] = new byte[chunkBytes];
    }
    int start = chunk * chunkBytes;
    int former = chunkEnds[chunk];
    end = start;
    for (int record = start, next; record < former; record = next) {
      next = record + size(record);
      int place = placeOf(record);
      if (place < 0) {
        continue; // Another record of the key, or another key, has its place.
      }
      if (wasRead(place) && end + next - record <= start + chunkBytes / 2) {
        System.arraycopy(chunks[chunk], at(record), chunks[chunk], at(end), next - record);
        places[place] = placed(end, hash(end));
        end += next - record;
      } else {
        places[place] = EMPTY;
      }
    }
  }

  private int placeOf(int record) {
    int first = set(hash(record)) * WAYS;
    for (int place = first; place < first + WAYS; place++) {
      if (position(place) == record) {
        return place;
      }
    }
    return NOWHERE;
  }
}
