/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;

/**
 * Reads one file of the Raft log record by record, as Ratis writes them: a header, then for each
 * entry its length as a varint, its bytes, and a CRC32C over both; after the last one zeros.
 */
final class RaftSegment {
  private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
  private static final int CHECKSUM_BYTES = Integer.BYTES;
  private static final int VARINT_MAX_BYTES = 5;
  private static final int PAGE_BYTES = 4096;

  /** So many zeros at a page's end are not there by chance. */
  private static final int UNWRITTEN_MIN_BYTES = 4;

  /** How a file ends. */
  enum Ending {
    /** After a whole entry. */
    WHOLE,
    /** In an entry of which a part never reached the disk: it was not acknowledged. */
    TORN,
    /** The file is shorter than its last entry: torn, or cut off by somebody. */
    SHORT,
    /** In what cannot have been written so: entries were lost that may have been acknowledged. */
    DAMAGED
  }

  /**
   * What a file holds.
   *
   * @param entries whole ones, from the beginning
   * @param goodBytes up to the end of the last whole one
   * @param lastTerm of the last whole one; 0 where there is none
   * @param problem for people; empty where the ending is whole
   */
  record Content(Ending ending, long entries, long goodBytes, long lastTerm, String problem) {}

  /** Who wants the entries, too. */
  interface Visitor {
    /**
     * A whole entry.
     *
     * @param at its first byte
     */
    void entry(LogEntryProto entry, long at) throws IOException;
  }

  private final ByteBuffer bytes;
  private final int size;
  private final Visitor visitor;
  private long nextIndex;
  private long entries;
  private long lastTerm;

  private RaftSegment(ByteBuffer bytes, long firstIndex, Visitor visitor) {
    this.bytes = bytes;
    this.visitor = visitor;
    this.size = bytes.limit();
    this.nextIndex = firstIndex;
  }

  /**
   * Reads a file.
   *
   * @param firstIndex that its first entry must have
   */
  static Content read(Path file, long firstIndex) throws IOException {
    return read(file, firstIndex, (entry, at) -> {});
  }

  /** As {@link #read(Path, long)}; the visitor gets each whole entry. */
  static Content read(Path file, long firstIndex, Visitor visitor) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      return new RaftSegment(mapped, firstIndex, visitor).scan();
    }
  }

  /**
   * As {@link #read(Path, long, Visitor)}, of a file that a running master may cut meanwhile: what
   * was cut off of a mapped one cannot be touched.
   */
  static Content readCopy(Path file, long firstIndex, Visitor visitor) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer copy = ByteBuffer.allocate(Math.toIntExact(channel.size()));
      int read;
      do {
        read = channel.read(copy);
      } while (read > 0);
      return new RaftSegment(copy.flip(), firstIndex, visitor).scan();
    }
  }

  private Content scan() throws IOException {
    for (int i = 0; i < HEADER.length && i < size; i++) {
      if (bytes.get(i) != HEADER[i]) {
        boolean unwritten = zerosFrom(i) == size;
        return ending(unwritten ? Ending.TORN : Ending.DAMAGED, 0, "its header is none");
      }
    }
    if (size < HEADER.length) {
      return ending(Ending.TORN, 0, "its header is not whole");
    }
    int at = HEADER.length;
    while (at < size) {
      if (bytes.get(at) == 0) {
        return zeros(at);
      }
      int end = recordEnd(at);
      if (end < 0 || !isRight(at, end)) {
        return bad(at, end);
      }
      at = end;
    }
    return ending(Ending.WHOLE, at, "");
  }

  private Content ending(Ending ending, int goodBytes, String problem) {
    String where = problem.isEmpty() ? "" : problem + " at byte " + goodBytes;
    return new Content(ending, entries, goodBytes, lastTerm, where);
  }

  private Content zeros(int at) {
    int end = zerosFrom(at);
    if (end == size) {
      return ending(Ending.WHOLE, at, "");
    }
    boolean unwrittenPage = end % PAGE_BYTES == 0;
    return ending(
        unwrittenPage ? Ending.TORN : Ending.DAMAGED, at, "zeros are followed by something");
  }

  private Content bad(int at, int end) {
    String problem = "entry " + nextIndex + " is not what was written";
    if (hasUnwrittenPart(at, end < 0 ? size : Math.min(end, size))) {
      return ending(Ending.TORN, at, problem);
    }
    return ending(end > size ? Ending.SHORT : Ending.DAMAGED, at, problem);
  }

  /** Where the record that begins here ends, perhaps behind the file; -1 where it has no length. */
  private int recordEnd(int at) {
    long length = 0;
    for (int i = 0; i < VARINT_MAX_BYTES; i++) {
      if (at + i >= size) {
        return size + 1;
      }
      byte next = bytes.get(at + i);
      length |= (long) (next & 0x7f) << (7 * i);
      if (next >= 0) {
        long end = at + i + 1 + length + CHECKSUM_BYTES;
        return length > RaftSettings.ENTRY_MAX_BYTES ? -1 : (int) Math.min(end, size + 1L);
      }
    }
    return -1;
  }

  private boolean isRight(int at, int end) throws IOException {
    if (end > size) {
      return false;
    }
    int dataEnd = end - CHECKSUM_BYTES;
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.slice(at, dataEnd - at));
    if ((int) checksum.getValue() != bytes.getInt(dataEnd)) {
      return false;
    }
    int lengthBytes = 1;
    while (bytes.get(at + lengthBytes - 1) < 0) {
      lengthBytes++;
    }
    LogEntryProto entry;
    try {
      entry =
          LogEntryProto.parseFrom(
              org.apache.ratis.thirdparty.com.google.protobuf.ByteString.copyFrom(
                  bytes.slice(at + lengthBytes, dataEnd - at - lengthBytes)));
    } catch (org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException e) {
      return false;
    }
    if (entry.getIndex() != nextIndex) {
      return false;
    }
    lastTerm = entry.getTerm();
    nextIndex++;
    entries++;
    visitor.entry(entry, at);
    return true;
  }

  /**
   * Whether the end of some page, as far as it is the record's, was never written: files are made
   * of zeros before entries are written into them, and pages reach the disk in any order.
   */
  private boolean hasUnwrittenPart(int at, int end) {
    for (int page = at - at % PAGE_BYTES; page < end; page += PAGE_BYTES) {
      int pageEnd = Math.min(page + PAGE_BYTES, size);
      int zeros = pageEnd;
      while (zeros > Math.max(at, page) && bytes.get(zeros - 1) == 0) {
        zeros--;
      }
      if (Math.min(end, pageEnd) - zeros >= UNWRITTEN_MIN_BYTES) {
        return true;
      }
    }
    return false;
  }

  /** The first byte from here on that is not zero. */
  private int zerosFrom(int at) {
    int end = at;
    while (end < size && bytes.get(end) == 0) {
      end++;
    }
    return end;
  }
}
