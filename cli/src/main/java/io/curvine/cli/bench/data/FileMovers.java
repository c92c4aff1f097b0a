/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import com.sun.nio.file.ExtendedOpenOption;
import io.curvine.protocol.io.AlignedBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Reads a file of this machine. Stateless. */
final class FileMovers {
  private FileMovers() {}

  static Mover open(DataOrder order, int thread) throws IOException {
    Path file = Path.of(order.place());
    Places places = new Places(order, thread);
    return switch (order.kind()) {
      case PREAD -> new Positional(file, places, order, Set.of(StandardOpenOption.READ));
      case DISK ->
          new Positional(
              file, places, order, Set.of(StandardOpenOption.READ, ExtendedOpenOption.DIRECT));
      case MAPPED -> new Mapped(file, places, order);
      default -> throw new IllegalArgumentException(order.kind() + " is not of a file");
    };
  }

  private static final class Positional implements Mover {
    private final FileChannel file;
    private final Places places;
    private final ByteBuffer buffer;
    private final int request;

    Positional(Path path, Places places, DataOrder order, Set<OpenOption> options)
        throws IOException {
      this.file = FileChannel.open(path, options);
      this.places = places;
      this.request = order.kind().requestBytes();
      this.buffer = AlignedBuffers.allocate(request);
    }

    @Override
    public int move() throws IOException {
      buffer.clear().limit(request);
      long at = places.next();
      while (buffer.hasRemaining()) {
        if (file.read(buffer, at + buffer.position()) < 0) {
          throw new IOException("the file is shorter than it was");
        }
      }
      return request;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private static final class Mapped implements Mover {
    private final MappedByteBuffer file;
    private final Places places;
    private final ByteBuffer buffer;
    private final int request;

    Mapped(Path path, Places places, DataOrder order) throws IOException {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        this.file = channel.map(FileChannel.MapMode.READ_ONLY, 0, order.sizeBytes());
      }
      this.places = places;
      this.request = order.kind().requestBytes();
      this.buffer = AlignedBuffers.allocate(request);
    }

    @Override
    public int move() {
      buffer.put(0, file, (int) places.next(), request);
      return request;
    }

    @Override
    public void close() {
      // The mapping goes with its buffer.
    }
  }
}
