/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.invalidate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.curvine.cli.CliException;
import io.curvine.cli.bench.BucketEvent;
import io.curvine.cli.bench.feed.FeedBroker;
import io.curvine.ufs.testing.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A bucket of an S3 server of its own whose changes are told through a topic of a real broker, as
 * MinIO does that: the server itself tells nobody. For one thread.
 */
final class ToldBucket implements AutoCloseable {
  private static final String BUCKET = "told";
  private static final String TOPIC = "bucket-events";

  private final S3Server server;
  private final FeedBroker broker;
  private final FeedBroker.Writing topic;
  private final String location;

  private ToldBucket(S3Server server, FeedBroker broker, String location)
      throws IOException, InterruptedException {
    this.server = server;
    this.broker = broker;
    this.location = location;
    broker.makeTopic(TOPIC);
    this.topic = broker.write(TOPIC);
  }

  /** Starts both, with the broker's data below a directory. */
  static ToldBucket start(Path directory) throws IOException, InterruptedException {
    S3Server server = S3Server.startLarge();
    FeedBroker broker = null;
    try {
      String location = server.createBucket(BUCKET);
      broker = FeedBroker.start(directory);
      return new ToldBucket(server, broker, location);
    } catch (IOException | InterruptedException | RuntimeException e) {
      try (server) {
        if (broker != null) {
          broker.close();
        }
      }
      throw e;
    }
  }

  String location() {
    return location;
  }

  /** What a mount of it needs, its source among that. */
  Map<String, String> options() {
    Map<String, String> all = new HashMap<>(server.options());
    all.put("kafka.bootstrap", broker.bootstrap());
    all.put("kafka.topic", TOPIC);
    return all;
  }

  /** Tells that an object was written, and returns when the broker has that. */
  void written(String key, long length) throws IOException {
    CompletableFuture<Void> told = new CompletableFuture<>();
    topic.write(
        key,
        BucketEvent.written(BUCKET, key, length, "").getBytes(UTF_8),
        (sent, succeeded) -> {
          if (succeeded) {
            told.complete(null);
          } else {
            told.completeExceptionally(new CliException("the broker did not take " + sent));
          }
        });
    try {
      told.join();
    } catch (CompletionException e) {
      throw new IOException(e.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    try (server;
        broker) {
      topic.close();
    }
  }
}
