/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.harness;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends notifications over HTTP as a store does that keeps each until somebody has taken it.
 * Thread-safe.
 */
public final class WebhookSender {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
  private static final int TAKEN = 200;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> masters;
  private final String mount;
  private final String token;
  private final AtomicInteger failed = new AtomicInteger();

  /**
   * One that knows the token.
   *
   * @param masters HTTP addresses, as host:port; the first is tried first
   * @param mount its path
   */
  public WebhookSender(List<String> masters, String mount, String token) {
    this.masters = List.copyOf(masters);
    this.mount = mount;
    this.token = token;
  }

  /** The HTTP addresses of a cluster's masters, that of the leader first. */
  public static List<String> masters(LocalCluster cluster) {
    List<String> addresses = new ArrayList<>();
    cluster
        .report()
        .get("masters")
        .forEach(
            master -> {
              boolean leads = master.get("role").asText().equals("leader");
              addresses.add(leads ? 0 : addresses.size(), master.get("http").asText());
            });
    return addresses;
  }

  /** Sends it once to a master, and gives the status of the answer. */
  public int post(String master, String body) throws IOException {
    return post(master, token, body);
  }

  /** The same with a token of one's own. */
  public int post(String master, String with, String body) throws IOException {
    String at = URLEncoder.encode(mount, StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + master + "/ufs/notifications?mount=" + at))
            .header("Authorization", "Bearer " + with)
            .timeout(ANSWER_MAX)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a notification was sent", e);
    }
  }

  /** Sends it to one master after the other until one has taken it. */
  public void send(String body, Duration patience) {
    AtomicInteger tries = new AtomicInteger();
    Await.until(
        "a notification to be taken",
        patience,
        () -> {
          String master = masters.get(tries.getAndIncrement() % masters.size());
          boolean taken = false;
          try {
            taken = post(master, body) == TAKEN;
          } finally {
            if (!taken) {
              failed.incrementAndGet();
            }
          }
          return taken;
        });
  }

  /** How many tries of {@link #send} were answered otherwise or not at all, all together. */
  public int failed() {
    return failed.get();
  }
}
