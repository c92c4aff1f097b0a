/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import io.curvine.client.CreateOptions;
import io.curvine.client.CurvineClient;
import io.curvine.client.FileReader;
import io.curvine.client.FileWriter;
import io.curvine.client.Refs;
import io.curvine.protocol.io.AlignedBuffers;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.nio.ByteBuffer;

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
          READ_COLD ->
          new Reads(client, new Places(order, thread), order);
      case WRITE -> new Writes(client, order, 1, thread);
      case WRITE_TWO -> new Writes(client, order, 2, thread);
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
}
