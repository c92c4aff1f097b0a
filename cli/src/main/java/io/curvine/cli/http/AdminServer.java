/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.curvine.protocol.net.HostPort;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The admin HTTP port of a node: {@code /metrics} for Prometheus, {@code /health/live} (200 while
 * the process answers), {@code /health/ready} (200, or 503 with the reason). Thread-safe.
 */
public final class AdminServer implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int BACKLOG = 64;
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

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
      HostPort address, String title, PrometheusMeterRegistry metrics, Readiness readiness)
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
    serve(server, "/metrics", METRICS_TYPE, () -> new Page(200, metrics.scrape()));
    serve(server, "/health/live", "text/plain", () -> new Page(200, "live\n"));
    serve(server, "/health/ready", "text/plain", () -> ready(readiness));
    serve(server, "/", "text/plain", () -> new Page(200, index(title)));
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

  private static Page ready(Readiness readiness) {
    Optional<String> reason = readiness.notReadyReason();
    return reason
        .map(why -> new Page(503, "not ready: " + why + "\n"))
        .orElse(new Page(200, "ready\n"));
  }

  private static String index(String title) {
    return title + "\n\n/metrics\n/health/live\n/health/ready\n";
  }

  private static void serve(HttpServer server, String path, String type, Content content) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(path)) {
              send(exchange, "text/plain", new Page(404, "no such page\n"));
            } else if (!exchange.getRequestMethod().equals("GET")
                && !exchange.getRequestMethod().equals("HEAD")) {
              send(exchange, "text/plain", new Page(405, "allowed: GET, HEAD\n"));
            } else {
              send(exchange, type, content.make());
            }
          }
        });
  }

  private static void send(HttpExchange exchange, String type, Page page) throws IOException {
    byte[] body = page.text().getBytes(StandardCharsets.UTF_8);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(page.status(), head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  private interface Content {
    Page make();
  }

  private record Page(int status, String text) {}
}
