/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import io.curvine.cli.CliException;
import io.curvine.cli.Failures;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits until nodes serve, or one of them has failed. For one thread. */
final class LocalReadiness {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration REQUEST_MAX = Duration.ofSeconds(2);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final LocalNodes nodes;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(REQUEST_MAX).build();

  LocalReadiness(LocalNodes nodes) {
    this.nodes = nodes;
  }

  /** Until {@code /health/ready} of each says yes. */
  void await(List<NodeSpec> all) throws IOException {
    for (NodeSpec node : all) {
      await(node.name() + " to be ready", () -> ready(node));
    }
  }

  /**
   * Until the attempt succeeds; one that throws is tried again.
   *
   * @throws CliException where a node failed meanwhile, or patience ended
   */
  void await(String what, Attempt attempt) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String last = "";
    while (System.nanoTime() - deadline < 0) {
      if (nodes.failure().isPresent()) {
        throw new CliException(nodes.failure().get());
      }
      try {
        attempt.run();
        return;
      } catch (IOException e) {
        last = Failures.line(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CliException("interrupted while waiting for " + what, e);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    throw new CliException("waited " + PATIENCE.toSeconds() + " s for " + what + "; " + last);
  }

  private void ready(NodeSpec node) throws IOException, InterruptedException {
    URI uri = URI.create("http://" + node.address("HTTP") + "/health/ready");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(REQUEST_MAX).build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(response.body().trim());
    }
  }

  /** Something that works once the cluster is ready. */
  interface Attempt {
    void run() throws IOException, InterruptedException;
  }
}
