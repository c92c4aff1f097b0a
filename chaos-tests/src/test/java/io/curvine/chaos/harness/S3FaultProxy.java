/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in front of an S3 server, counts the requests, and treats each as the test says at that
 * moment. A connection carries one request, and requests pass as they came, so signatures hold.
 * Thread-safe.
 */
public final class S3FaultProxy implements AutoCloseable {
  private static final int HEAD_MAX_BYTES = 64 << 10;
  private static final int PIECE_BYTES = 16 << 10;
  private static final Pattern CONNECTION = Pattern.compile("(?im)^connection:.*\r\n");
  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");
  private static final Pattern EXPECTS = Pattern.compile("(?im)^expect:.*\r\n");

  private final ServerSocket listening;
  private final URI server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicLong requests = new AtomicLong();
  private volatile LongFunction<Treatment> treatments = number -> Treatment.PASS;

  /** What becomes of a request. */
  public enum Treatment {
    /** It reaches the server, and its answer the client. */
    PASS,

    /** It is answered with 503 SlowDown, as a store does that is asked too much. */
    SLOW_DOWN,

    /** It is answered with 403 InvalidAccessKeyId, as a store does whose key was taken back. */
    DENY,

    /**
     * It reaches the server, and the connection breaks off after the first 16 KiB of the answer.
     */
    CUT,

    /** It reaches the server and takes effect, and nobody hears of it. */
    SWALLOW_ANSWER,

    /** Its connection is closed before it is heard. */
    HANG_UP
  }

  private S3FaultProxy(ServerSocket listening, URI server) {
    this.listening = listening;
    this.server = server;
  }

  /** Starts one that passes everything. */
  public static S3FaultProxy start(URI server) throws IOException {
    S3FaultProxy proxy =
        new S3FaultProxy(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), server);
    proxy.threads.execute(proxy::accept);
    return proxy;
  }

  /** Where it listens, for HTTP. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  /** From now on, all requests alike. */
  public void treat(Treatment all) {
    treat(number -> all);
  }

  /** From now on, each by its number, which grows by one with each that comes. */
  public void treat(LongFunction<Treatment> byNumber) {
    treatments = byNumber;
  }

  /** How many came so far. */
  public long requests() {
    return requests.get();
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
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      String head = head(in);
      if (head.isEmpty()) {
        return; // a connection that was made and not used
      }
      Treatment treatment = treatments.apply(requests.incrementAndGet());
      switch (treatment) {
        case SLOW_DOWN ->
            answer(client, in, head, 503, "SlowDown", "Please reduce your request rate.");
        case DENY ->
            answer(client, in, head, 403, "InvalidAccessKeyId", "The access key is not known.");
        case HANG_UP -> client.setSoLinger(true, 0);
        case PASS -> pass(client, in, head, Long.MAX_VALUE);
        case CUT -> pass(client, in, head, PIECE_BYTES);
        case SWALLOW_ANSWER -> pass(client, in, head, 0);
      }
    } catch (IOException e) {
      // One of the two ends went away; the other sees its connection close.
    }
  }

  /** Up to the empty line; empty: nothing came. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.write(next);
      matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
      if (matched == 4) {
        return head.toString(ISO_8859_1);
      }
      if (head.size() > HEAD_MAX_BYTES) {
        throw new IOException("the head of a request has more than " + HEAD_MAX_BYTES + " bytes");
      }
    }
    return "";
  }

  private static void answer(
      Socket client, InputStream in, String head, int status, String code, String message)
      throws IOException {
    Matcher length = LENGTH.matcher(head);
    if (length.find() && !EXPECTS.matcher(head).find()) {
      // Bytes that nobody read would have the system reset the connection, and the answer with it.
      in.skipNBytes(Long.parseLong(length.group(1)));
    }
    String body = "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>";
    String sent = head.startsWith("HEAD ") ? "" : body;
    String answer =
        "HTTP/1.1 "
            + status
            + " "
            + code
            + "\r\nContent-Type: application/xml\r\nContent-Length: "
            + sent.length()
            + "\r\nConnection: close\r\n\r\n"
            + sent;
    client.getOutputStream().write(answer.getBytes(ISO_8859_1));
  }

  /** Passes the request on, and so many bytes of what comes back; of the rest nobody hears. */
  private void pass(Socket client, InputStream in, String head, long bytesBack) throws IOException {
    OutputStream to = client.getOutputStream();
    if (EXPECTS.matcher(head).find()) {
      // Without it the body would not come, and the request have no effect.
      to.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
    }
    String alone = EXPECTS.matcher(CONNECTION.matcher(head).replaceAll("")).replaceAll("");
    String closing = alone.substring(0, alone.length() - 2) + "Connection: close\r\n\r\n";
    try (Socket store = new Socket(server.getHost(), server.getPort())) {
      store.getOutputStream().write(closing.getBytes(ISO_8859_1));
      threads.execute(() -> passBody(in, store));
      byte[] piece = new byte[PIECE_BYTES];
      InputStream from = store.getInputStream();
      long left = bytesBack;
      for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
        int given = (int) Math.min(left, count);
        to.write(piece, 0, given);
        left -= given;
      }
      if (left == 0) {
        client.setSoLinger(true, 0);
      }
    }
  }

  private static void passBody(InputStream in, Socket store) {
    try {
      long unused = in.transferTo(store.getOutputStream());
    } catch (IOException e) {
      // The answer is there, and the connections are closed.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }
}
