/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.curvine.protocol.net.HostPort;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin HTTP port of a node: {@code /metrics} for Prometheus, {@code /health/live} (200 while
 * the process answers), {@code /health/ready} (200, or 503 with the reason), and the node's own
 * pages. Thread-safe.
 */
public final class AdminServer implements AutoCloseable {
  private static final int LONG_PAGES_MAX = 2;

  /** Some are left for those who look at the node's health. */
  private static final int THREADS = LONG_PAGES_MAX + 2;

  private static final int BACKLOG = 64;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** A reader that has stopped reading holds what it is shown no longer than this. */
  private static final int PAGE_MAX_SECONDS = 3_600;

  /** Who sends a request so slowly holds a thread no longer than this. */
  private static final int REQUEST_MAX_SECONDS = 30;

  static {
    // Read by the library when its server is made first.
    System.setProperty("sun.net.httpserver.maxRspTime", Integer.toString(PAGE_MAX_SECONDS));
    System.setProperty("sun.net.httpserver.maxReqTime", Integer.toString(REQUEST_MAX_SECONDS));
  }

  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

  private final HttpServer server;
  private final ExecutorService threads;

  private AdminServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Binds and serves; port 0 takes a free one.
   *
   * @param title first line of the index page, for example {@code curvine master m1}
   * @throws IOException where the address cannot be bound; the message names it
   */
  public static AdminServer start(
      HostPort address, String title, PrometheusMeterRegistry metrics, Served served)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(address.resolve(), BACKLOG);
    } catch (BindException e) {
      throw new IOException("cannot listen on " + address + " for HTTP: " + e.getMessage(), e);
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "admin-http");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    serve(server, "/metrics", METRICS_TYPE, () -> new Answer(200, metrics.scrape()));
    serve(server, "/health/live", "text/plain", () -> new Answer(200, "live\n"));
    serve(server, "/health/ready", "text/plain", () -> ready(served));
    Semaphore longPages = new Semaphore(LONG_PAGES_MAX);
    server.createContext("/", exchange -> serveOwn(exchange, title, served, longPages));
    server.start();
    return new AdminServer(server, threads);
  }

  /** The port that is listened on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static Answer ready(Served served) {
    Optional<String> reason = served.notReadyReason();
    return reason
        .map(why -> new Answer(503, "not ready: " + why + "\n"))
        .orElse(new Answer(200, "ready\n"));
  }

  private static Answer index(String title, Served served) {
    StringBuilder text = new StringBuilder(title + "\n\n/metrics\n/health/live\n/health/ready\n");
    served.pages().forEach(page -> text.append(page.path()).append('\n'));
    served.intakes().forEach(intake -> text.append("POST ").append(intake.path()).append('\n'));
    return new Answer(200, text.toString());
  }

  /** The index, a page of the node's own, or what it takes. */
  private static void serveOwn(
      HttpExchange exchange, String title, Served served, Semaphore longPages) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Optional<Intake> intake =
        served.intakes().stream().filter(each -> each.path().equals(path)).findFirst();
    if (intake.isPresent()) {
      Intakes.take(exchange, intake.get()); // which ends it when it is done
      return;
    }
    try (exchange) {
      List<Page> pages = served.pages();
      Optional<Page> page = pages.stream().filter(each -> each.path().equals(path)).findFirst();
      if (page.isEmpty()) {
        answer(exchange, "/", "text/plain", () -> index(title, served));
      } else if (!exchange.getRequestMethod().equals("GET")) {
        send(exchange, "text/plain", new Answer(405, "allowed: GET\n"));
      } else if (longPages.tryAcquire()) {
        try {
          stream(exchange, page.get());
        } finally {
          longPages.release();
        }
      } else {
        send(
            exchange,
            "text/plain",
            new Answer(503, LONG_PAGES_MAX + " are being read already; try later\n"));
      }
    }
  }

  /** Where it fails half way the page just ends: its own form says whether it is whole. */
  private static void stream(HttpExchange exchange, Page page) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", page.type());
    exchange.sendResponseHeaders(200, 0);
    try {
      OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), BUFFER_BYTES);
      page.content().writeTo(out);
      out.flush();
    } catch (IOException | RuntimeException e) {
      LOG.info("{} was not sent whole: {}", page.path(), e.toString());
      throw e;
    }
  }

  private static void serve(HttpServer server, String path, String type, Maker maker) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            answer(exchange, path, type, maker);
          }
        });
  }

  private static void answer(HttpExchange exchange, String path, String type, Maker maker)
      throws IOException {
    if (!exchange.getRequestURI().getPath().equals(path)) {
      send(exchange, "text/plain", new Answer(404, "no such page\n"));
    } else if (!exchange.getRequestMethod().equals("GET")
        && !exchange.getRequestMethod().equals("HEAD")) {
      send(exchange, "text/plain", new Answer(405, "allowed: GET, HEAD\n"));
    } else {
      send(exchange, type, maker.make());
    }
  }

  private static void send(HttpExchange exchange, String type, Answer answer) throws IOException {
    byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  private interface Maker {
    Answer make();
  }

  private record Answer(int status, String text) {}
}
