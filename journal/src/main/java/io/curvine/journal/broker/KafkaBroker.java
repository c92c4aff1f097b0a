/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.broker;

import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.net.HostPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A real Kafka broker for tests and benchmarks: one process that is also its own controller, on
 * ports of 127.0.0.1 that stay the same over restarts, with its data in a temporary directory. It
 * makes no topics by itself. Thread-safe.
 *
 * <p>Its jars are gathered by the module chaos-tests/kafka-broker.
 */
public final class KafkaBroker implements AutoCloseable {
  private static final Path LIBRARIES = Path.of("chaos-tests", "kafka-broker", "target", "lib");
  private static final String STARTED = "Kafka Server started";
  private static final int START_MAX_SECONDS = 120;
  private static final int STOP_MAX_SECONDS = 30;
  private static final int KEPT_LINES = 60;

  /** Below the range of ports that the system gives to connections. */
  private static final int PORT_FROM = 10_000;

  private static final int PORT_TO = 32_000;
  private static final int PORT_TRIES = 100;
  private static final String CLUSTER_ID = "Q3VydmluZS1NaXJyb3ItMQ";
  private static final String LOGGING =
      "<configuration><appender name='C' class='ch.qos.logback.core.ConsoleAppender'><encoder>"
          + "<pattern>%level %logger{0} %msg%n</pattern></encoder></appender>"
          + "<root level='INFO'><appender-ref ref='C'/></root></configuration>";

  private final Path root;
  private final Path libraries;
  private final int port;
  private final List<String> jvmOptions;
  private final Thread killer = new Thread(this::killAtExit, "kafka-broker-killer");

  /** Null while none runs. */
  private volatile Process process;

  private KafkaBroker(Path root, Path libraries, int port, List<String> jvmOptions) {
    this.jvmOptions = List.copyOf(jvmOptions);
    this.root = root;
    this.libraries = libraries;
    this.port = port;
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /** Starts an empty broker, a small one for tests, and returns when it serves; a few seconds. */
  public static KafkaBroker start() throws IOException {
    return start(
        Path.of(System.getProperty("java.io.tmpdir")),
        List.of("-XX:+UseSerialGC", "-Xmx256m", "-XX:TieredStopAtLevel=1"));
  }

  /**
   * Starts an empty broker and returns when it serves.
   *
   * @param parent where its directory is made
   * @param jvmOptions of its process
   */
  public static KafkaBroker start(Path parent, List<String> jvmOptions) throws IOException {
    Path libraries = libraries();
    Path root = Files.createTempDirectory(parent, "curvine-kafka-");
    int port = freePort();
    int controller = freePort();
    Files.writeString(root.resolve("logback.xml"), LOGGING);
    Files.writeString(
        root.resolve("server.properties"), properties(port, controller, root.resolve("data")));
    KafkaBroker broker = new KafkaBroker(root, libraries, port, jvmOptions);
    try {
      broker.format();
      broker.startAgain();
    } catch (IOException | RuntimeException e) {
      broker.close();
      throw e;
    }
    return broker;
  }

  /** Everything once, and nobody waits for others; a killed broker is taken back at once. */
  private static String properties(int port, int controller, Path data) {
    return String.join(
        "\n",
        "process.roles=broker,controller",
        "node.id=1",
        "controller.quorum.voters=1@127.0.0.1:" + controller,
        "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
        "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
        "controller.listener.names=CONTROLLER",
        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs=" + data,
        "auto.create.topics.enable=false",
        "offsets.topic.replication.factor=1",
        "offsets.topic.num.partitions=1",
        "transaction.state.log.replication.factor=1",
        "transaction.state.log.num.partitions=1",
        "transaction.state.log.min.isr=1",
        "group.initial.rebalance.delay.ms=0",
        "broker.session.timeout.ms=2000",
        "broker.heartbeat.interval.ms=200");
  }

  private List<String> java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("-Dlogback.configurationFile=" + root.resolve("logback.xml"));
    command.addAll(List.of("-cp", libraries + "/*"));
    command.addAll(List.of(arguments));
    return command;
  }

  private String propertiesFile() {
    return root.resolve("server.properties").toString();
  }

  private void format() throws IOException {
    Path output = root.resolve("format.txt");
    Process formatting =
        new ProcessBuilder(
                java("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", propertiesFile()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!formatting.waitFor(START_MAX_SECONDS, TimeUnit.SECONDS) || formatting.exitValue() != 0) {
        throw new IOException("cannot format the broker's data:\n" + Files.readString(output));
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      formatting.destroyForcibly();
    }
  }

  /** Starts on the same data and ports once more, after {@link #kill}; returns when it serves. */
  public synchronized void startAgain() throws IOException {
    if (process != null) {
      throw new IllegalStateException("the broker runs already");
    }
    process =
        new ProcessBuilder(java("kafka.Kafka", propertiesFile()))
            .redirectErrorStream(true)
            .directory(root.toFile())
            .start();
    Output output = new Output(process);
    try {
      output.started.get(START_MAX_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      kill();
      throw new IOException("the broker did not start; its output:\n" + output.last(), e);
    } catch (InterruptedException e) {
      kill();
      throw interrupted(e);
    }
  }

  /** Where it serves. */
  public HostPort address() {
    return new HostPort("127.0.0.1", port);
  }

  /** SIGKILL; returns when it is gone. */
  public synchronized void kill() {
    if (process != null) {
      process.destroyForcibly();
      process.onExit().join();
      process = null;
    }
  }

  /** The process, for those who measure it; empty while none runs. */
  public synchronized Optional<ProcessHandle> process() {
    return Optional.ofNullable(process).map(Process::toHandle);
  }

  /** Stops the broker in order, and deletes its data. */
  @Override
  public synchronized void close() throws IOException {
    if (process != null) {
      process.destroy();
      try {
        if (!process.waitFor(STOP_MAX_SECONDS, TimeUnit.SECONDS)) {
          kill();
        }
      } catch (InterruptedException e) {
        kill();
        Thread.currentThread().interrupt();
      }
      process = null;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException e) {
      return; // the JVM is going down, and the hook does its work
    }
    FileTrees.delete(root);
  }

  /** Without the lock: whoever holds it may be waiting for the process. */
  private void killAtExit() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
  }

  private static IOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IOException("interrupted while the broker started", cause);
  }

  private static int freePort() throws IOException {
    for (int i = 0; i < PORT_TRIES; i++) {
      int candidate = ThreadLocalRandom.current().nextInt(PORT_FROM, PORT_TO);
      if (isFree(candidate)) {
        return candidate;
      }
    }
    throw new IOException("no free port from " + PORT_FROM + " to " + PORT_TO);
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException e) {
      return false; // somebody has it
    }
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
            + "; make it: mvn -pl chaos-tests/kafka-broker process-resources");
  }

  /** Reads what the process says, so that it never waits for a full pipe. */
  private static final class Output {
    private final Process process;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final Deque<String> lines = new ArrayDeque<>();

    Output(Process process) {
      this.process = process;
      Thread reader = new Thread(this::read, "kafka-broker-output");
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          keep(line);
          if (line.contains(STARTED)) {
            started.complete(null);
          }
        }
        started.completeExceptionally(new IOException("the broker ended"));
      } catch (IOException e) {
        started.completeExceptionally(e);
      }
    }

    private synchronized void keep(String line) {
      if (lines.size() == KEPT_LINES) {
        lines.removeFirst();
      }
      lines.addLast(line);
    }

    synchronized String last() {
      return String.join("\n", lines);
    }
  }
}
