/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import static io.curvine.protocol.Limits.BLOCK_SIZE_DEFAULT_BYTES;

import io.curvine.client.CreateOptions;
import io.curvine.client.CurvineClient;
import io.curvine.client.FileReader;
import io.curvine.client.FileWriter;
import io.curvine.client.ReadRange;
import io.curvine.client.Refs;
import io.curvine.protocol.io.AlignedBuffers;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Reads and writes files of a cluster through the Java client. Stateless. */
final class CurvineMovers {
  private CurvineMovers() {}

  static Mover open(CurvineClient client, DataOrder order, int thread) throws IOException {
    return switch (order.kind()) {
      case READ,
          READ_CHECKED,
          READ_UNCHECKED,
          READ_LOCAL,
          READ_FILE,
          READ_RANDOM,
          READ_SMALL,
          READ_COLD,
          READ_MISS ->
          new Reads(client, new Places(order, thread), order);
      case READ_ONE_BY_ONE, READ_VECTORED -> new Ranges(client, new Places(order, thread), order);
      case WRITE, WRITE_FILE -> new Writes(client, order, 1, thread);
      case WRITE_TWO -> new Writes(client, order, 2, thread);
      case FILES, FILES_OPENED -> new SmallFiles(client, order, thread);
      default -> throw new IllegalArgumentException(order.kind() + " is not of a cluster");
    };
  }

  private static final class Reads implements Mover {
    private final FileReader reader;
    private final Places places;
    private final ByteBuffer buffer;

    Reads(CurvineClient client, Places places, DataOrder order) throws IOException {
      this.reader = client.open(Refs.path(order.place()));
      this.places = places;
      this.buffer = AlignedBuffers.allocate(order.kind().requestBytes());
    }

    @Override
    public int move() throws IOException {
      long at = places.next();
      if (at == Places.NONE) {
        return 0;
      }
      buffer.clear();
      while (buffer.hasRemaining()) {
        if (reader.read(at + buffer.position(), buffer) < 0) {
          throw new IOException("the file is shorter than it was");
        }
      }
      return buffer.capacity();
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  /** Ranges anywhere in one block, as of the columns of a file: in one call, or one by one. */
  private static final class Ranges implements Mover {
    private final FileReader reader;
    private final Places places;
    private final boolean together;
    private final int length;
    private final ByteBuffer buffer;

    Ranges(CurvineClient client, Places places, DataOrder order) throws IOException {
      this.reader = client.open(Refs.path(order.place()));
      this.places = places;
      this.together = order.kind() == DataCase.READ_VECTORED;
      this.length = order.kind().requestBytes() / DataCase.RANGES;
      this.buffer = AlignedBuffers.allocate(order.kind().requestBytes());
    }

    @Override
    public int move() throws IOException {
      long block = places.next() / BLOCK_SIZE_DEFAULT_BYTES * BLOCK_SIZE_DEFAULT_BYTES;
      List<ReadRange> ranges = new ArrayList<>(DataCase.RANGES);
      for (int i = 0; i < DataCase.RANGES; i++) {
        long at = ThreadLocalRandom.current().nextLong(BLOCK_SIZE_DEFAULT_BYTES / length) * length;
        ranges.add(new ReadRange(block + at, buffer.slice(i * length, length)));
      }
      if (together) {
        reader.readVectored(ranges);
        return buffer.capacity();
      }
      for (ReadRange range : ranges) {
        if (reader.read(range.position(), range.into()) < length) {
          throw new IOException("the file is shorter than it was");
        }
      }
      return buffer.capacity();
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  /** Files of the data's size, one after the other; the one before is deleted. */
  private static final class Writes implements Mover {
    private final CurvineClient client;
    private final CreateOptions options;
    private final String path;
    private final long size;
    private final ByteBuffer buffer;
    private FileWriter writer;
    private long at;

    Writes(CurvineClient client, DataOrder order, int replicas, int thread) throws IOException {
      this.client = client;
      this.options = CreateOptions.defaults().withReplicas(replicas);
      this.path = order.place() + ".written-" + thread;
      this.size = order.sizeBytes();
      this.buffer = AlignedBuffers.allocate(order.kind().requestBytes());
      this.writer = client.create(Refs.path(path), options);
    }

    @Override
    public int move() throws IOException {
      if (at + buffer.capacity() > size) {
        writer.close();
        writer = client.create(Refs.path(path), options);
        at = 0;
      }
      writer.write(at, buffer.clear());
      at += buffer.capacity();
      return buffer.capacity();
    }

    @Override
    public void close() throws IOException {
      writer.close();
      client.namespace().delete(Refs.path(path), InodeType.FILE, false);
    }
  }

  /** New files, each of one request, which are deleted together at the end. */
  private static final class SmallFiles implements Mover {
    private final CurvineClient client;
    private final CreateOptions options = CreateOptions.defaults().withExclusive(true);
    private final String directory;
    private final boolean oneCall;
    private final ByteBuffer buffer;
    private long files;

    SmallFiles(CurvineClient client, DataOrder order, int thread) throws IOException {
      this.client = client;
      this.directory = order.place() + ".files-" + thread;
      this.oneCall = order.kind() == DataCase.FILES;
      this.buffer = AlignedBuffers.allocate(order.kind().requestBytes());
      client.namespace().mkdir(Refs.path(directory), 0755, false);
    }

    @Override
    public int move() throws IOException {
      EntryRef at = Refs.path(directory + "/" + files++);
      buffer.clear();
      if (oneCall) {
        client.write(at, options, buffer);
        return buffer.capacity();
      }
      try (FileWriter writer = client.create(at, options)) {
        writer.write(0, buffer);
      }
      return buffer.capacity();
    }

    @Override
    public void close() throws IOException {
      client.namespace().delete(Refs.path(directory), InodeType.DIRECTORY, true);
    }
  }
}
