/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Where to start looking in a segment, by offset, by byte and by time: one entry for every 32 KiB.
 * Thread-safe.
 *
 * <p>It is written when a segment is closed and made again from the segment where its file is
 * missing or damaged. File: magic, size of the segment, its next offset, its largest timestamp, the
 * number of entries, the entries (offset, position, largest timestamp before the position), CRC32C;
 * all 8-byte big-endian.
 */
public final class SegmentIndex {
  static final int INTERVAL_BYTES = 32 << 10;

  private static final long MAGIC = 0x4355_5256_4944_5831L; // "CURVIDX1"
  private static final int FIELDS = 3;
  private static final int FIXED_LONGS = 6;

  /** Triples of offset, position and largest timestamp before the position. */
  private long[] entries = new long[FIELDS * 16];

  private int count;

  /**
   * What a closed segment's index file tells.
   *
   * @param sizeBytes of the segment
   * @param maxTimestampMillis -1 where the segment is empty
   */
  public record Loaded(
      SegmentIndex index, long sizeBytes, long nextOffset, long maxTimestampMillis) {}

  /** Takes note of a batch; keeps it only where it is far enough from the last that was kept. */
  public synchronized void add(long offset, long position, long maxTimestampBefore) {
    if (count > 0 && position - entries[(count - 1) * FIELDS + 1] < INTERVAL_BYTES) {
      return;
    }
    if ((count + 1) * FIELDS > entries.length) {
      entries = Arrays.copyOf(entries, entries.length * 2);
    }
    entries[count * FIELDS] = offset;
    entries[count * FIELDS + 1] = position;
    entries[count * FIELDS + 2] = maxTimestampBefore;
    count++;
  }

  /** A batch's position at or before the batch that holds {@code offset}. */
  public synchronized long floorOfOffset(long offset) {
    return floor(0, offset);
  }

  /** A batch's position at or before {@code position}. */
  synchronized long floorOfPosition(long position) {
    return floor(1, position);
  }

  /** A batch's position at or before the first batch that reaches {@code timestampMillis}. */
  synchronized long floorOfTime(long timestampMillis) {
    return floor(2, timestampMillis - 1);
  }

  private long floor(int field, long limit) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries[middle * FIELDS + field] <= limit) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? 0 : entries[(low - 1) * FIELDS + 1];
  }

  synchronized void save(Path file, long sizeBytes, long nextOffset, long maxTimestampMillis)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((FIXED_LONGS + count * FIELDS) * Long.BYTES);
    bytes.putLong(MAGIC).putLong(sizeBytes).putLong(nextOffset).putLong(maxTimestampMillis);
    bytes.putLong(count);
    for (int i = 0; i < count * FIELDS; i++) {
      bytes.putLong(entries[i]);
    }
    bytes.putLong(crc(bytes.array(), bytes.position()));
    // A new file each time: the old one may be linked from a backup.
    Path temporary = file.resolveSibling(file.getFileName() + JournalFiles.TEMPORARY);
    Files.write(temporary, bytes.array());
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Empty where the file is missing, damaged or of a segment of another size. */
  static Optional<Loaded> load(Path file, long sizeBytes) throws IOException {
    return load(file).filter(loaded -> loaded.sizeBytes() == sizeBytes);
  }

  /** Empty where the file is missing or damaged. */
  public static Optional<Loaded> load(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    byte[] content = Files.readAllBytes(file);
    if (content.length < FIXED_LONGS * Long.BYTES || content.length % Long.BYTES != 0) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(content);
    int body = content.length - Long.BYTES;
    if (bytes.getLong(body) != crc(content, body) || bytes.getLong() != MAGIC) {
      return Optional.empty();
    }
    long sizeBytes = bytes.getLong();
    long nextOffset = bytes.getLong();
    long maxTimestamp = bytes.getLong();
    long count = bytes.getLong();
    if (count * FIELDS * Long.BYTES != bytes.remaining() - Long.BYTES) {
      return Optional.empty();
    }
    SegmentIndex index = new SegmentIndex();
    index.count = (int) count;
    index.entries = new long[Math.max(FIELDS, index.count * FIELDS)];
    bytes.asLongBuffer().get(index.entries, 0, index.count * FIELDS);
    return Optional.of(new Loaded(index, sizeBytes, nextOffset, maxTimestamp));
  }

  /**
   * The first entry that another index has not, or has another; the number of entries where there
   * is none.
   */
  public synchronized int firstDifference(SegmentIndex other) {
    long[] theirs;
    synchronized (other) {
      theirs = Arrays.copyOf(other.entries, other.count * FIELDS);
    }
    int same = Arrays.mismatch(entries, 0, count * FIELDS, theirs, 0, theirs.length);
    return same < 0 ? count : same / FIELDS;
  }

  /** How many entries there are. */
  public synchronized int size() {
    return count;
  }

  private static long crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return crc.getValue();
  }
}
