/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a store: one request and its answer after the other, on the caller's thread. For
 * one thread at a time, save {@link #close} and {@link #closeIfSilent}.
 */
final class S3Connection implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(S3Connection.class);
  private static final int HEAD_MAX_BYTES = 16 << 10;
  private static final int CHUNK_BYTES = 64 << 10;
  private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final SocketChannel channel;

  /** Null: without TLS. */
  private final SSLSocket tls;

  /** What came with a head and after it, between position and limit. */
  private final ByteBuffer ahead = ByteBuffer.allocate(HEAD_MAX_BYTES).flip();

  /** What TLS gives; null: not needed. */
  private final byte[] chunk;

  private volatile long idleSinceNanos = System.nanoTime();

  /** Since when the store is waited for. */
  private volatile long waitsSinceNanos;

  private volatile boolean waits;
  private volatile boolean silent;

  private S3Connection(SocketChannel channel, SSLSocket tls) {
    this.channel = channel;
    this.tls = tls;
    this.chunk = tls == null ? null : new byte[CHUNK_BYTES];
  }

  /**
   * Connects.
   *
   * @param endpoint with scheme and host
   * @param tlsFactory for https
   */
  static S3Connection to(URI endpoint, SSLSocketFactory tlsFactory, Duration timeout)
      throws IOException {
    boolean secure = endpoint.getScheme().equalsIgnoreCase("https");
    int port = endpoint.getPort() >= 0 ? endpoint.getPort() : secure ? 443 : 80;
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      int millis = Math.toIntExact(timeout.toMillis());
      channel.socket().connect(new InetSocketAddress(endpoint.getHost(), port), millis);
      return new S3Connection(
          channel,
          secure ? tls(channel.socket(), endpoint.getHost(), port, tlsFactory, millis) : null);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static SSLSocket tls(
      Socket plain, String host, int port, SSLSocketFactory factory, int millis)
      throws IOException {
    SSLSocket tls = (SSLSocket) factory.createSocket(plain, host, port, true);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    tls.setSSLParameters(parameters);
    tls.setSoTimeout(millis);
    tls.startHandshake();
    tls.setSoTimeout(0); // silence ends it from now on
    return tls;
  }

  /** Sends a request without a body and reads the head of its answer. */
  S3AnswerHead ask(byte[] request) throws IOException {
    if (ahead.hasRemaining()) {
      throw new IOException("more bytes came than the answer before has");
    }
    send(request);
    ahead.clear();
    while (true) {
      int from = Math.max(0, ahead.position() - HEAD_END.length + 1);
      if (receive(ahead) < 0) {
        throw new EOFException("the store closed the connection");
      }
      int end = headEnd(from);
      if (end >= 0) {
        String head = new String(ahead.array(), 0, end, StandardCharsets.ISO_8859_1);
        ahead.flip().position(end + HEAD_END.length);
        return S3AnswerHead.parse(head);
      }
      if (!ahead.hasRemaining()) {
        throw new IOException("the answer's header is longer than " + HEAD_MAX_BYTES + " bytes");
      }
    }
  }

  private int headEnd(int from) {
    byte[] bytes = ahead.array();
    for (int at = from; at + HEAD_END.length <= ahead.position(); at++) {
      boolean here = true;
      for (int i = 0; i < HEAD_END.length && here; i++) {
        here = bytes[at + i] == HEAD_END[i];
      }
      if (here) {
        return at;
      }
    }
    return -1;
  }

  /** Reads some bytes of a body; -1: the store closed the connection. */
  int read(ByteBuffer into) throws IOException {
    if (!ahead.hasRemaining()) {
      return receive(into);
    }
    int count = Math.min(ahead.remaining(), into.remaining());
    into.put(ahead.slice().limit(count));
    ahead.position(ahead.position() + count);
    return count;
  }

  private void send(byte[] bytes) throws IOException {
    begin();
    try {
      if (tls != null) {
        tls.getOutputStream().write(bytes);
        return;
      }
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        var unused = channel.write(left);
      }
    } catch (IOException e) {
      throw failure(e);
    } finally {
      waits = false;
    }
  }

  private int receive(ByteBuffer into) throws IOException {
    begin();
    try {
      if (tls == null) {
        return channel.read(into);
      }
      int count = tls.getInputStream().read(chunk, 0, Math.min(chunk.length, into.remaining()));
      if (count > 0) {
        into.put(chunk, 0, count);
      }
      return count;
    } catch (IOException e) {
      throw failure(e);
    } finally {
      waits = false;
    }
  }

  private void begin() {
    waitsSinceNanos = System.nanoTime();
    waits = true;
  }

  private IOException failure(IOException cause) {
    if (!silent) {
      return cause;
    }
    SocketTimeoutException timeout =
        new SocketTimeoutException("the store was silent for too long");
    timeout.initCause(cause);
    return timeout;
  }

  /** Whether bytes wait that no request asked for. */
  boolean hasMore() {
    return ahead.hasRemaining();
  }

  void idle() {
    idleSinceNanos = System.nanoTime();
  }

  boolean isIdleFor(long nanos) {
    return System.nanoTime() - idleSinceNanos >= nanos;
  }

  /** Ends it, and the call that waits, if the store has been waited for so long. Any thread. */
  void closeIfSilent(long nanos) {
    if (waits && System.nanoTime() - waitsSinceNanos >= nanos) {
      silent = true;
      close();
    }
  }

  /** Any thread. */
  @Override
  public void close() {
    try {
      channel.close(); // below TLS: its farewell could wait for a store that is gone
    } catch (IOException e) {
      LOG.debug("a connection to a store did not close cleanly", e);
    }
  }
}
