/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * An SQS server for tests, ElasticMQ, as a process of its own, on a free port of 127.0.0.1, with
 * its messages in memory. It takes any key. Thread-safe.
 *
 * <p>Its jars are gathered by the module chaos-tests/sqs-server.
 */
public final class SqsServer implements AutoCloseable {
  private static final Pattern STARTED =
      Pattern.compile("Started SQS rest server, bind address 127.0.0.1:(\\d+)");
  private static final String KEY = "test";
  private static final String CONFIGURATION =
      """
      include classpath("reference.conf")
      node-address { host = "127.0.0.1" }
      rest-sqs { bind-port = 0, bind-hostname = "127.0.0.1" }
      rest-stats { enabled = false }
      """;

  private final ServerProcess process;

  private SqsServer(ServerProcess process) {
    this.process = process;
  }

  /** Starts an empty server and returns when it answers; a few seconds. */
  public static SqsServer start() throws IOException {
    Path root = Files.createTempDirectory("curvine-sqs-");
    Path configuration = Files.writeString(root.resolve("elasticmq.conf"), CONFIGURATION);
    return new SqsServer(
        ServerProcess.start(
            "sqs-server",
            List.of("-Dconfig.file=" + configuration),
            "org.elasticmq.server.Main",
            List.of(),
            root,
            STARTED));
  }

  /** Where it listens, for HTTP. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + process.ready());
  }

  /** Makes a queue and gives its URL. */
  public String createQueue(String name) {
    try (SqsAsyncClient client = client()) {
      var unused = client.createQueue(create -> create.queueName(name)).join();
    }
    return endpoint() + "/000000000000/" + name;
  }

  /** What a source of one of its queues needs. */
  public Map<String, String> options(String queue) {
    return Map.of("sqs.queue", queue, "sqs.access-key", KEY, "sqs.secret-key", KEY);
  }

  /** A client of its own for what a test does itself. The caller closes it. */
  public SqsAsyncClient client() {
    return SqsAsyncClient.builder()
        .endpointOverride(endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, KEY)))
        .build();
  }

  /** Kills the server. */
  @Override
  public void close() {
    process.close();
  }
}
