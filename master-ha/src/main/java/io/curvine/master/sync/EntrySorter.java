/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.UfsEntry;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Sorts the entries of one directory by name with no more than {@value #RUN_MAX_ENTRIES} of them in
 * memory: what is more goes in sorted runs to a temporary file, which are then merged. Owned by one
 * thread.
 */
final class EntrySorter implements AutoCloseable {
  private static final int RUN_MAX_ENTRIES = 10_000;
  private static final int READ_BUFFER_BYTES = 16 * 1_024;

  /** Of two with one name the directory comes last. */
  private static final Comparator<UfsEntry> ORDER =
      UfsEntries.BY_NAME.thenComparing(entry -> entry.getType() == InodeType.DIRECTORY);

  private final List<UfsEntry> newest = new ArrayList<>();
  private final List<Slice> runs = new ArrayList<>();
  private FileChannel spilled;

  /** Takes entries in their order. */
  @FunctionalInterface
  interface Sorted {
    void accept(UfsEntry entry) throws IOException;
  }

  /** One of them, in any order. */
  void add(UfsEntry entry) throws IOException {
    if (newest.size() == RUN_MAX_ENTRIES) {
      spill();
    }
    newest.add(entry);
  }

  private void spill() throws IOException {
    if (spilled == null) {
      spilled =
          FileChannel.open(
              Files.createTempFile("curvine-listing-", null),
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    }
    newest.sort(ORDER);
    long from = spilled.position();
    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(spilled));
    for (UfsEntry entry : newest) {
      entry.writeDelimitedTo(out);
    }
    out.flush();
    runs.add(new Slice(spilled, from, spilled.position()));
    newest.clear();
  }

  /** Gives all of them, ascending, each name once; of two the one that is no directory. */
  void drain(Sorted sorted) throws IOException {
    newest.sort(ORDER);
    PriorityQueue<Head> heads =
        new PriorityQueue<>(Comparator.comparing(head -> head.entry, ORDER));
    for (Slice run : runs) {
      InputStream in = new BufferedInputStream(run, READ_BUFFER_BYTES);
      push(heads, () -> UfsEntry.parseDelimitedFrom(in));
    }
    var inMemory = newest.iterator();
    push(heads, () -> inMemory.hasNext() ? inMemory.next() : null);
    UfsEntry last = null;
    while (!heads.isEmpty()) {
      Head head = heads.poll();
      if (last == null || !last.getName().equals(head.entry.getName())) {
        sorted.accept(head.entry);
        last = head.entry;
      }
      push(heads, head.rest);
    }
  }

  private static void push(PriorityQueue<Head> heads, Rest rest) throws IOException {
    UfsEntry next = rest.next();
    if (next != null) {
      heads.add(new Head(next, rest));
    }
  }

  /** What follows in a run; null at its end. */
  @FunctionalInterface
  private interface Rest {
    UfsEntry next() throws IOException;
  }

  private record Head(UfsEntry entry, Rest rest) {}

  /** A part of the file. */
  private static final class Slice extends InputStream {
    private final FileChannel file;
    private final long end;
    private long at;

    Slice(FileChannel file, long from, long end) {
      this.file = file;
      this.at = from;
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (at == end) {
        return -1;
      }
      ByteBuffer buffer = ByteBuffer.wrap(into, offset, (int) Math.min(length, end - at));
      int count = file.read(buffer, at);
      if (count < 0) {
        throw new IOException("the temporary file of a listing ends before its run does");
      }
      at += count;
      return count;
    }
  }

  /** Deletes the temporary file. */
  @Override
  public void close() throws IOException {
    if (spilled != null) {
      spilled.close();
    }
  }
}
