/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.harness;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The road to a server: passes bytes both ways, until a test says that the server cannot be reached
 * or is another one. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {
  private static final int BACKLOG = 200;

  private final ServerSocket listening;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  // Both by the lock.
  private final Set<Socket> open = new HashSet<>();
  private Optional<URI> server;

  private TcpProxy(ServerSocket listening, URI server) {
    this.listening = listening;
    this.server = Optional.of(server);
  }

  /** Starts one that leads to a server of host and port. */
  public static TcpProxy start(URI server) throws IOException {
    TcpProxy proxy =
        new TcpProxy(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), server);
    proxy.threads.execute(proxy::accept);
    return proxy;
  }

  /** Where it listens, for HTTP. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  /** Resets all connections, and from now on those that are made. */
  public synchronized void cut() {
    server = Optional.empty();
    closeAll();
  }

  /** Connections that are made from now on reach this server; those that are there are reset. */
  public synchronized void leadTo(URI to) {
    server = Optional.of(to);
    closeAll();
  }

  private void closeAll() {
    List.copyOf(open).forEach(TcpProxy::reset);
    open.clear();
  }

  private static void reset(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is closed already, which is all that is wanted.
    }
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        if (!listening.isClosed()) {
          throw new AssertionError("the proxy takes no more connections", e);
        }
      }
    }
  }

  private void serve(Socket client) {
    try (Socket there = connect(client)) {
      threads.execute(() -> pass(there, client));
      pass(client, there);
    } catch (IOException e) {
      reset(client); // as the server's own host would
    }
  }

  /** Within the lock, so that whoever cuts the road knows all that is on it. */
  private synchronized Socket connect(Socket client) throws IOException {
    URI to = server.orElseThrow(() -> new ConnectException("the road is cut"));
    Socket there = new Socket(to.getHost(), to.getPort());
    open.add(client);
    open.add(there);
    return there;
  }

  /** Until one of them ends, and then both do. */
  private void pass(Socket from, Socket to) {
    try (from;
        to) {
      long unused = from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One of the two ends went away; the other sees its connection close.
    } finally {
      forget(from, to);
    }
  }

  private synchronized void forget(Socket one, Socket other) {
    open.remove(one);
    open.remove(other);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
    threads.shutdownNow();
  }
}
