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
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * An S3 server for tests, s3mock or s3proxy, as a process of its own, on free ports of 127.0.0.1,
 * with its objects in a temporary directory. Thread-safe.
 *
 * <p>Their jars are gathered by the modules chaos-tests/s3-server and s3-proxy.
 */
public final class S3Server implements AutoCloseable {
  private static final int START_TIMEOUT_SECONDS = 120;
  private static final int KEPT_LINES = 60;
  private static final String KEY = "test";
  private static final String LOGGING =
      "<configuration><appender name='C' class='ch.qos.logback.core.ConsoleAppender'><encoder>"
          + "<pattern>%level %logger{0} %msg%n</pattern></encoder></appender>"
          + "<root level='INFO'><appender-ref ref='C'/></root></configuration>";

  private final Process process;
  private final Path root;
  private final Pattern started;
  private final Thread killer;
  private final Deque<String> output = new ArrayDeque<>();
  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  private S3Server(Process process, Path root, Pattern started) {
    this.process = process;
    this.root = root;
    this.started = started;
    this.killer = new Thread(process::destroyForcibly, "s3-server-killer");
    Runtime.getRuntime().addShutdownHook(killer);
    Thread reader = new Thread(this::readOutput, "s3-server-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Which program serves. */
  private enum Program {
    /** Complete in what it answers, slow with many objects, takes any key. */
    S3MOCK("s3-server", "com.adobe.testing.s3mock.S3MockApplication", "(\\d+) \\(http\\)") {
      @Override
      List<String> arguments(Path root) {
        return List.of(
            "--server.address=127.0.0.1",
            "--server.port=0",
            "--com.adobe.testing.s3mock.httpPort=0",
            "--com.adobe.testing.s3mock.max-payload-size=600MB",
            "--com.adobe.testing.s3mock.store.root=" + root,
            "--com.adobe.testing.s3mock.store.retainFilesOnExit=true");
      }
    },
    /** Checks signatures, and keeps an object a file, so that it takes many. */
    S3PROXY("s3-proxy", "org.gaul.s3proxy.Main", "\\{127.0.0.1:(\\d+)\\}") {
      @Override
      List<String> arguments(Path root) throws IOException {
        Path objects = Files.createDirectory(root.resolve("objects"));
        Path properties =
            Files.writeString(
                root.resolve("s3proxy.properties"),
                String.join(
                    "\n",
                    "s3proxy.authorization=aws-v2-or-v4",
                    "s3proxy.identity=" + KEY,
                    "s3proxy.credential=" + KEY,
                    "s3proxy.endpoint=http://127.0.0.1:0",
                    "jclouds.provider=filesystem-nio2",
                    "jclouds.identity=none",
                    "jclouds.credential=none",
                    "jclouds.filesystem.basedir=" + objects));
        return List.of("--properties", properties.toString());
      }
    };

    private final Path libraries;
    private final String mainClass;
    private final Pattern started;

    Program(String module, String mainClass, String started) {
      this.libraries = Path.of("chaos-tests", module, "target", "lib");
      this.mainClass = mainClass;
      this.started = Pattern.compile("started.*?" + started, Pattern.CASE_INSENSITIVE);
    }

    abstract List<String> arguments(Path root) throws IOException;
  }

  /** Starts s3mock and returns when it answers; a few seconds. */
  public static S3Server start() throws IOException {
    return start(Program.S3MOCK);
  }

  /**
   * Starts s3proxy and returns when it answers; a few seconds. It refuses wrong keys, and takes
   * tens of thousands of objects, where s3mock's time for one grows with their number.
   */
  public static S3Server startLarge() throws IOException {
    return start(Program.S3PROXY);
  }

  private static S3Server start(Program program) throws IOException {
    Path root = Files.createTempDirectory("curvine-s3-");
    Path logging = Files.writeString(root.resolve("logback.xml"), LOGGING);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx512m"));
    command.add("-Dlogback.configurationFile=" + logging);
    command.addAll(List.of("-cp", libraries(program.libraries) + "/*", program.mainClass));
    command.addAll(program.arguments(root));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).directory(root.toFile()).start();
    S3Server server = new S3Server(process, root, program.started);
    try {
      var unused = server.port.get(START_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      return server;
    } catch (ExecutionException | TimeoutException e) {
      server.close();
      throw new IOException(
          program.mainClass + " did not start; its output:\n" + server.lastOutput(), e);
    } catch (InterruptedException e) {
      server.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + program.mainClass + " started", e);
    }
  }

  /** Where it listens, for HTTP. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port.join());
  }

  /** What a mount of one of its buckets needs. */
  public Map<String, String> options() {
    return Map.of("s3.endpoint", endpoint().toString(), "s3.access-key", KEY, "s3.secret-key", KEY);
  }

  /** The location of a bucket. */
  public String uri(String bucket) {
    return "s3://" + bucket;
  }

  /** Makes a bucket and gives its location. */
  public String createBucket(String bucket) {
    try (S3AsyncClient client = client()) {
      var unused = client.createBucket(create -> create.bucket(bucket)).join();
    }
    return uri(bucket);
  }

  /** A client of its own for what a test does behind Curvine's back. The caller closes it. */
  public S3AsyncClient client() {
    return S3AsyncClient.builder()
        .endpointOverride(endpoint())
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, KEY)))
        .build();
  }

  /** The process, for tests that stop it for a while or kill it. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  /** Kills the server and deletes its objects. */
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
        Matcher found = started.matcher(line);
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

  private static Path libraries(Path wanted) throws IOException {
    Path start = Path.of("").toAbsolutePath();
    for (Path at = start; at != null; at = at.getParent()) {
      Path candidate = at.resolve(wanted);
      if (Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    throw new IOException(
        "no "
            + wanted
            + " above "
            + start
            + "; make it: mvn -pl "
            + wanted.subpath(0, 2)
            + " process-resources");
  }
}
