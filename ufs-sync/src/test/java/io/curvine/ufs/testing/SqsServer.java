/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.testing;

import io.curvine.protocol.io.FileTrees;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
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
  private static final Path LIBRARIES = Path.of("chaos-tests", "sqs-server", "target", "lib");
  private static final Pattern STARTED =
      Pattern.compile("Started SQS rest server, bind address 127.0.0.1:(\\d+)");
  private static final int START_MAX_SECONDS = 120;
  private static final int KEPT_LINES = 60;
  private static final String KEY = "test";
  private static final String CONFIGURATION =
      """
      include classpath("reference.conf")
      node-address { host = "127.0.0.1" }
      rest-sqs { bind-port = 0, bind-hostname = "127.0.0.1" }
      rest-stats { enabled = false }
      """;

  private final Process process;
  private final Path root;
  private final Thread killer;
  private final Deque<String> output = new ArrayDeque<>();
  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  private SqsServer(Process process, Path root) {
    this.process = process;
    this.root = root;
    this.killer = new Thread(process::destroyForcibly, "sqs-server-killer");
    Runtime.getRuntime().addShutdownHook(killer);
    Thread reader = new Thread(this::readOutput, "sqs-server-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts an empty server and returns when it answers; a few seconds. */
  public static SqsServer start() throws IOException {
    Path libraries = libraries();
    Path root = Files.createTempDirectory("curvine-sqs-");
    Path configuration = Files.writeString(root.resolve("elasticmq.conf"), CONFIGURATION);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Dconfig.file=" + configuration,
                "-cp",
                libraries + "/*",
                "org.elasticmq.server.Main")
            .redirectErrorStream(true)
            .directory(root.toFile())
            .start();
    SqsServer server = new SqsServer(process, root);
    try {
      var unused = server.port.get(START_MAX_SECONDS, TimeUnit.SECONDS);
      return server;
    } catch (ExecutionException | TimeoutException e) {
      server.close();
      throw new IOException("ElasticMQ did not start; its output:\n" + server.lastOutput(), e);
    } catch (InterruptedException e) {
      server.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ElasticMQ started", e);
    }
  }

  /** Where it listens, for HTTP. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port.join());
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
    process.destroyForcibly();
    process.onExit().join();
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException e) {
      return; // the JVM is going down, and the hook has done its work
    }
    try {
      FileTrees.delete(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readOutput() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        keep(line);
        Matcher found = STARTED.matcher(line);
        if (found.find()) {
          port.complete(Integer.valueOf(found.group(1)));
        }
      }
      port.completeExceptionally(new IOException("the server ended"));
    } catch (IOException e) {
      port.completeExceptionally(e);
    }
  }

  private synchronized void keep(String line) {
    if (output.size() == KEPT_LINES) {
      output.removeFirst();
    }
    output.addLast(line);
  }

  private synchronized String lastOutput() {
    return String.join("\n", output);
  }

  private static Path libraries() throws IOException {
    Path start = Path.of("").toAbsolutePath();
    for (Path at = start; at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve(LIBRARIES))) {
        return at.resolve(LIBRARIES);
      }
    }
    throw new IOException(
        "no "
            + LIBRARIES
            + " above "
            + start
            + "; make it: mvn -pl chaos-tests/sqs-server process-resources");
  }
}
