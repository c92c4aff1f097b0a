/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import io.curvine.protocol.io.AlignedBuffers;
import io.curvine.protocol.net.HostPort;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Asks the limits' server. Stateless. */
final class LimitMovers {
  private LimitMovers() {}

  static Mover open(DataOrder order, int thread) throws IOException {
    Places places = new Places(order, thread);
    SocketChannel server = SocketChannel.open(HostPort.parse(order.endpoint()).resolve());
    server.setOption(StandardSocketOptions.TCP_NODELAY, true);
    int request = order.kind().requestBytes();
    return switch (order.kind()) {
      case SENDFILE -> new Reads(server, places, LimitProtocol.FILE, request, order.window());
      case SENDFILE_ONE -> new Reads(server, places, LimitProtocol.FILE, request, 1);
      case ECHO -> new Reads(server, places, LimitProtocol.MEMORY, request, 1);
      case SINK -> new Writes(server, places, request, order.window());
      default -> throw new IllegalArgumentException(order.kind() + " is no limit of a socket");
    };
  }

  private static void fill(SocketChannel server, ByteBuffer into) throws IOException {
    if (!LimitProtocol.fill(server, into)) {
      throw new EOFException("the limits' server closed the connection");
    }
  }

  private static ByteBuffer request(ByteBuffer into, int operation, int bytes, long offset) {
    return into.clear().putInt(operation).putInt(bytes).putLong(offset).flip();
  }

  private static final class Reads implements Mover {
    private final SocketChannel server;
    private final Places places;
    private final int operation;
    private final int bytes;
    private final int window;
    private final ByteBuffer buffer;
    private final ByteBuffer request = ByteBuffer.allocateDirect(LimitProtocol.REQUEST_BYTES);
    private int open;

    Reads(SocketChannel server, Places places, int operation, int bytes, int window) {
      this.server = server;
      this.places = places;
      this.operation = operation;
      this.bytes = bytes;
      this.window = window;
      this.buffer = AlignedBuffers.allocate(bytes);
    }

    @Override
    public int move() throws IOException {
      while (open < window) {
        LimitProtocol.drain(request(request, operation, bytes, places.next()), server);
        open++;
      }
      fill(server, buffer.clear().limit(bytes));
      open--;
      return bytes;
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private static final class Writes implements Mover {
    private final SocketChannel server;
    private final Places places;
    private final int bytes;
    private final int window;
    private final ByteBuffer buffer;
    private final ByteBuffer request = ByteBuffer.allocateDirect(LimitProtocol.REQUEST_BYTES);
    private final ByteBuffer acknowledgement =
        ByteBuffer.allocateDirect(LimitProtocol.ACKNOWLEDGEMENT_BYTES);
    private int open;

    Writes(SocketChannel server, Places places, int bytes, int window) {
      this.server = server;
      this.places = places;
      this.bytes = bytes;
      this.window = window;
      this.buffer = AlignedBuffers.allocate(bytes);
    }

    @Override
    public int move() throws IOException {
      ByteBuffer[] parts = {
        request(request, LimitProtocol.WRITE, bytes, places.next()), buffer.clear().limit(bytes)
      };
      while (parts[1].hasRemaining()) {
        server.write(parts);
      }
      open++;
      if (open >= window) {
        fill(server, acknowledgement.clear());
        open--;
      }
      return bytes;
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
