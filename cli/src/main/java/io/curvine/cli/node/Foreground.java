/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.node;

import ch.qos.logback.classic.Level;
import io.curvine.cli.CliException;
import io.curvine.cli.Failures;
import io.curvine.cli.Program;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a node until it ends, fails, or the process gets SIGTERM or SIGINT; then everything is
 * closed. With {@code --parent-watch} also until standard input ends, as it does when the process
 * that started this one is gone.
 */
public final class Foreground {
  private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(25);
  private static final int EXIT_KILLED = 1;

  private Foreground() {}

  /** Nodes log what happens to them; {@code CURVINE_LOG_LEVEL} says how much. */
  public static void logAsNode(boolean debug) throws CliException {
    String level = System.getenv().getOrDefault("CURVINE_LOG_LEVEL", debug ? "debug" : "info");
    Level parsed = Level.toLevel(level, null);
    if (parsed == null) {
      throw new CliException(
          "CURVINE_LOG_LEVEL is '" + level + "'; allowed: error, warn, info, debug, trace");
    }
    Program.logLevel(parsed);
  }

  /**
   * Blocks until the node has ended. Where it failed, everything is closed first, so that the
   * reason is the last thing said; what cannot be closed in time is left to the end of the process.
   *
   * @throws CliException where it failed, with the reason
   */
  public static void run(RunningNode node, boolean parentWatch) throws CliException {
    closeAtExit(node.name(), node);
    if (parentWatch) {
      watchParent(node.name());
    }
    try {
      node.terminated().join();
    } catch (CompletionException e) {
      closeInTime(node.name(), node);
      Program.endLogging(); // threads of libraries go on until the process ends
      throw new CliException(node.name() + " stopped: " + Failures.line(e), e);
    }
  }

  /** Closes when the process ends, and ends the process anyway where that takes too long. */
  public static void closeAtExit(String name, AutoCloseable closeable) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!closeInTime(name, closeable)) {
                    Runtime.getRuntime().halt(EXIT_KILLED);
                  }
                },
                "exit-" + name));
  }

  /** Whether it closed in time. */
  private static boolean closeInTime(String name, AutoCloseable closeable) {
    Thread closer = new Thread(() -> close(name, closeable), "close-" + name);
    closer.setDaemon(true);
    closer.start();
    try {
      closer.join(CLOSE_MAX.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closer.isAlive()) {
      LOG.error("{} did not stop in {} s", name, CLOSE_MAX.toSeconds());
    }
    return !closer.isAlive();
  }

  private static void close(String name, AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.error("{} did not stop cleanly", name, e);
    }
  }

  private static void watchParent(String name) {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // nothing is said on it; its end is the message
                }
              } catch (IOException e) {
                LOG.info("standard input broke: {}", e.toString());
              }
              LOG.info(
                  "{}: standard input has ended; the process that started this one is gone", name);
              System.exit(0);
            },
            "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }
}
