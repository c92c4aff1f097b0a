/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.testing;

import io.curvine.protocol.io.FileTrees;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server of other people's jars as a process of its own, with its data in a temporary directory.
 * It dies with this JVM. Thread-safe.
 */
final class ServerProcess implements AutoCloseable {
  private static final int START_TIMEOUT_SECONDS = 120;
  private static final int ANSWER_TIMEOUT_SECONDS = 120;
  private static final int KEPT_LINES = 60;
  private static final String LOGGING =
      "<configuration><appender name='C' class='ch.qos.logback.core.ConsoleAppender'><encoder>"
          + "<pattern>%level %logger{0} %msg%n</pattern></encoder></appender>"
          + "<root level='INFO'><appender-ref ref='C'/></root></configuration>";
  private static final Pattern ANSWER = Pattern.compile("DONE|FAILED .*");

  private final Process process;
  private final Path root;
  private final Pattern started;
  private final Thread killer;
  private final Deque<String> output = new ArrayDeque<>();
  private final CompletableFuture<String> ready = new CompletableFuture<>();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private ServerProcess(Process process, Path root, Pattern started) {
    this.process = process;
    this.root = root;
    this.started = started;
    this.killer = new Thread(process::destroyForcibly, "server-killer");
    Runtime.getRuntime().addShutdownHook(killer);
    Thread reader = new Thread(this::readOutput, "server-output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a server and returns when it says that it is ready.
   *
   * @param module below chaos-tests, whose target/lib has the jars
   * @param root its working directory, which goes with it
   * @param started finds the line that says so; its first group is what {@link #ready} gives
   */
  static ServerProcess start(
      String module, String mainClass, List<String> arguments, Path root, Pattern started)
      throws IOException {
    return start(module, List.of(), mainClass, arguments, root, started);
  }

  /**
   * The same with more flags for its JVM.
   *
   * @param flags before the main class
   */
  static ServerProcess start(
      String module,
      List<String> flags,
      String mainClass,
      List<String> arguments,
      Path root,
      Pattern started)
      throws IOException {
    Path logging = Files.writeString(root.resolve("logback.xml"), LOGGING);
    Path target = target(Path.of("chaos-tests", module, "target"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx512m"));
    command.add("-Dlogback.configurationFile=" + logging);
    command.addAll(flags);
    command.addAll(List.of("-cp", target + "/classes:" + target + "/lib/*", mainClass));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).directory(root.toFile()).start();
    ServerProcess server = new ServerProcess(process, root, started);
    try {
      var unused = server.ready.get(START_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      return server;
    } catch (ExecutionException | TimeoutException e) {
      server.close();
      throw new IOException(mainClass + " did not start; its output:\n" + server.lastOutput(), e);
    } catch (InterruptedException e) {
      server.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + mainClass + " started", e);
    }
  }

  /** What it said when it was ready: its port or ports. */
  String ready() {
    return ready.join();
  }

  /** Gives it a command on its standard input and waits until it says that it is done. */
  synchronized void command(String line) throws IOException {
    Writer commands = process.outputWriter(StandardCharsets.UTF_8);
    commands.write(line + "\n");
    commands.flush();
    try {
      String answer = answers.poll(ANSWER_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (!"DONE".equals(answer)) {
        throw new IOException(line + ": " + answer + "; its output:\n" + lastOutput());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the server did " + line, e);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Kills the server and deletes its directory. */
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
          ready.complete(found.group(1));
        } else if (ANSWER.matcher(line).matches()) {
          answers.add(line);
        }
      }
      ready.completeExceptionally(new IOException("the server ended"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  private void keep(String line) {
    synchronized (output) {
      if (output.size() == KEPT_LINES) {
        output.removeFirst();
      }
      output.addLast(line);
    }
  }

  private String lastOutput() {
    synchronized (output) {
      return String.join("\n", output);
    }
  }

  private static Path target(Path wanted) throws IOException {
    Path start = Path.of("").toAbsolutePath();
    for (Path at = start; at != null; at = at.getParent()) {
      Path candidate = at.resolve(wanted);
      if (Files.isDirectory(candidate.resolve("lib"))) {
        return candidate;
      }
    }
    throw new IOException(
        "no "
            + wanted.resolve("lib")
            + " above "
            + start
            + "; make it: mvn -pl "
            + wanted.getParent()
            + " compile");
  }
}
