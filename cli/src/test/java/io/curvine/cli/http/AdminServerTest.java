/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.net.HostPort;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicReference<Optional<String>> reason = new AtomicReference<>(Optional.empty());
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server = AdminServer.start(new HostPort("127.0.0.1", 0), "curvine test", metrics, reason::get);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void metricsAreInPrometheusForm() throws Exception {
    metrics.counter("curvine.test.events").increment(3);

    HttpResponse<String> response = get("/metrics");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("curvine_test_events_total 3.0");
    assertThat(response.headers().firstValue("content-type"))
        .hasValueSatisfying(t -> assertThat(t).startsWith("text/plain; version=0.0.4"));
  }

  @Test
  void readySaysWhyNot() throws Exception {
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);

    reason.set(Optional.of("no leader is known"));

    HttpResponse<String> response = get("/health/ready");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("not ready: no leader is known\n");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void indexNamesThePages() throws Exception {
    assertThat(get("/").body()).contains("curvine test", "/metrics", "/health/ready");
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
    assertThat(get("/metricsx").statusCode()).isEqualTo(404);
  }

  @Test
  void onlyReadingIsAllowed() throws Exception {
    HttpRequest post =
        HttpRequest.newBuilder(uri("/metrics"))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();

    assertThat(
            HttpClient.newHttpClient()
                .send(post, HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(405);
  }

  @Test
  void takenPortIsNamed() {
    HostPort taken = new HostPort("127.0.0.1", server.port());

    assertThatThrownBy(() -> AdminServer.start(taken, "second", metrics, reason::get))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot listen on " + taken + " for HTTP: ");
  }

  @Test
  void aNodesOwnPagesAreServedToAFewAtATime() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch reading = new CountDownLatch(2);
    Page slow =
        new Page(
            "/slow",
            "text/plain",
            out -> {
              out.write("begun ".getBytes(UTF_8));
              reading.countDown();
              try {
                release.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              out.write("ended".getBytes(UTF_8));
            });
    Page broken =
        new Page(
            "/broken",
            "text/plain",
            out -> {
              out.write(new byte[100_000]);
              throw new IOException("the state was replaced");
            });
    server.close();
    server =
        AdminServer.start(
            new HostPort("127.0.0.1", 0),
            "curvine test",
            metrics,
            new Served() {
              @Override
              public Optional<String> notReadyReason() {
                return Optional.empty();
              }

              @Override
              public List<Page> pages() {
                return List.of(slow, broken);
              }
            });
    assertThat(get("/").body()).contains("/slow", "/broken");
    var first = later("/slow");
    var second = later("/slow");
    reading.await();
    assertThat(get("/slow").statusCode()).isEqualTo(503);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    release.countDown();
    assertThat(first.join().body()).isEqualTo("begun ended");
    assertThat(second.join().body()).isEqualTo("begun ended");
    assertThat(get("/broken").body()).hasSize(100_000);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  private CompletableFuture<HttpResponse<String>> later(String path) {
    return HttpClient.newHttpClient()
        .sendAsync(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }
}
