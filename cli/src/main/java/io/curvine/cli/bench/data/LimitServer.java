/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import io.curvine.protocol.io.AlignedBuffers;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves bytes with as little around them as there can be: a thread and a blocking channel for each
 * connection. What it reaches is the limit that a worker is compared with. Thread-safe.
 */
final class LimitServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LimitServer.class);
  private static final int BUFFER_MAX_BYTES = 8 << 20;

  private final Path data;
  private final ServerSocketChannel server;
  private final Map<Thread, SocketChannel> serving = new ConcurrentHashMap<>();

  private LimitServer(Path data, ServerSocketChannel server) {
    this.data = data;
    this.server = server;
  }

  /**
   * Serves on a free port of the loopback.
   *
   * @param data what is read; what is written goes to files beside it that are deleted
   */
  static LimitServer start(Path data) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    LimitServer started = new LimitServer(data, server);
    thread("limit-accept", started::accept).start();
    return started;
  }

  int port() throws IOException {
    return ((InetSocketAddress) server.getLocalAddress()).getPort();
  }

  private static Thread thread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = server.accept();
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Thread thread = thread("limit-connection", () -> serve(client));
        serving.put(thread, client);
        thread.start();
      }
    } catch (ClosedChannelException e) {
      LOG.debug("the limits' server is closed");
    } catch (IOException e) {
      LOG.error("the limits' server cannot go on", e);
    }
  }

  private void serve(SocketChannel client) {
    try (client;
        Connection connection = new Connection(client, data)) {
      while (connection.serveOne()) {}
    } catch (IOException e) {
      LOG.debug("a connection ended: {}", e.toString());
    } finally {
      serving.remove(Thread.currentThread());
    }
  }

  private static final class Connection implements AutoCloseable {
    private final SocketChannel client;
    private final Path data;
    private final FileChannel file;
    private final ByteBuffer request = ByteBuffer.allocateDirect(LimitProtocol.REQUEST_BYTES);
    private final ByteBuffer acknowledgement =
        ByteBuffer.allocateDirect(LimitProtocol.ACKNOWLEDGEMENT_BYTES);
    private ByteBuffer buffer = AlignedBuffers.allocate(0);
    private FileChannel written;

    Connection(SocketChannel client, Path data) throws IOException {
      this.client = client;
      this.data = data;
      this.file = FileChannel.open(data, StandardOpenOption.READ);
    }

    boolean serveOne() throws IOException {
      request.clear();
      if (!LimitProtocol.fill(client, request)) {
        return false;
      }
      request.flip();
      int operation = request.getInt();
      int bytes = request.getInt();
      long offset = request.getLong();
      if (bytes < 0 || bytes > BUFFER_MAX_BYTES) {
        throw new IOException("a request of " + bytes + " bytes");
      }
      switch (operation) {
        case LimitProtocol.FILE -> send(offset, bytes);
        case LimitProtocol.MEMORY -> LimitProtocol.drain(buffer(bytes), client);
        case LimitProtocol.WRITE -> write(offset, bytes);
        default -> throw new IOException("operation " + operation + " is not known");
      }
      return true;
    }

    private void send(long offset, int bytes) throws IOException {
      long sent = 0;
      while (sent < bytes) {
        sent += file.transferTo(offset + sent, bytes - sent, client);
      }
    }

    private void write(long offset, int bytes) throws IOException {
      if (offset == 0 && written != null) {
        written.close(); // a new file each time, as a cache writes new blocks
        written = null;
      }
      if (written == null) {
        written =
            FileChannel.open(
                Files.createTempFile(data.getParent(), "limit-", ".written"),
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
      }
      ByteBuffer taken = buffer(bytes);
      if (!LimitProtocol.fill(client, taken)) {
        throw new EOFException("a payload was cut off");
      }
      taken.flip();
      long at = offset;
      while (taken.hasRemaining()) {
        at += written.write(taken, at);
      }
      LimitProtocol.drain(acknowledgement.clear(), client);
    }

    private ByteBuffer buffer(int bytes) {
      if (buffer.capacity() < bytes) {
        buffer = AlignedBuffers.allocate(bytes);
      }
      return buffer.clear().limit(bytes);
    }

    @Override
    public void close() throws IOException {
      file.close();
      if (written != null) {
        written.close();
      }
    }
  }

  /** Returns when nothing is written any more. */
  @Override
  public void close() throws IOException {
    server.close();
    for (Map.Entry<Thread, SocketChannel> each : serving.entrySet()) {
      each.getValue().close();
      try {
        each.getKey().join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
