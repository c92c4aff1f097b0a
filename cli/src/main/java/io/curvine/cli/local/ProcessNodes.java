/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import io.curvine.cli.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Nodes as processes of their own. One that dies is started again after a pause that doubles with
 * each death and is short again after a minute of life. Thread-safe.
 */
final class ProcessNodes implements LocalNodes {
  private static final Duration PAUSE_MIN = Duration.ofMillis(200);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(10);
  private static final Duration HEALTHY_AFTER = Duration.ofMinutes(1);
  private static final Duration STOP_MAX = Duration.ofSeconds(30);

  private final Path launcher;
  private final List<String> commonOptions;
  private final Consumer<String> events;
  private final Map<NodeSpec, Child> children = new LinkedHashMap<>();
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "restart");
            thread.setDaemon(true);
            return thread;
          });
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Set<NodeSpec> held = new HashSet<>();
  private boolean keepRunning;
  private boolean closing;
  private Optional<String> failure = Optional.empty();

  /**
   * None yet.
   *
   * @param launcher bin/curvine
   * @param commonOptions of every child's command line
   * @param events is told in a line that a node died or was started again
   */
  ProcessNodes(Path launcher, List<String> commonOptions, Consumer<String> events) {
    this.launcher = launcher;
    this.commonOptions = List.copyOf(commonOptions);
    this.events = events;
  }

  @Override
  public synchronized void start(NodeSpec node) throws IOException {
    if (!closing) {
      Child child = children.computeIfAbsent(node, each -> new Child());
      ChildProcess started = ChildProcess.start(launcher, node, commonOptions);
      child.current = started;
      child.startedNanos = System.nanoTime();
      started.process().onExit().thenAccept(ended -> ended(node, started));
    }
  }

  private synchronized void ended(NodeSpec node, ChildProcess ended) {
    boolean replaced = children.get(node).current != ended; // one that was held and released
    if (closing || replaced || held.contains(node)) {
      return;
    }
    String why = node.name() + " ended: " + ended.lastWords();
    if (!keepRunning) {
      failure = failure.or(() -> Optional.of(why + " (log: " + node.log() + ")"));
      return;
    }
    if (node.role() == NodeSpec.Role.FUSE && ended.process().exitValue() == 0) {
      events.accept(node.name() + " was unmounted; everything else goes on");
      return;
    }
    startLater(node, why);
  }

  private void startLater(NodeSpec node, String why) {
    Duration pause = children.get(node).nextPause();
    events.accept(why + "; it is started again in " + pause.toMillis() + " ms");
    scheduler.schedule(() -> startAgain(node), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void startAgain(NodeSpec node) {
    if (closing) {
      return;
    }
    try {
      start(node);
      events.accept(node.name() + " started again, process " + pid(node));
    } catch (IOException e) {
      startLater(node, node.name() + " cannot start: " + Failures.line(e));
    }
  }

  @Override
  public synchronized void keepRunning() {
    keepRunning = true;
  }

  @Override
  public synchronized Optional<String> failure() {
    return failure;
  }

  @Override
  public synchronized long pid(NodeSpec node) {
    Child child = children.get(node);
    return child != null && child.current.process().isAlive() ? child.current.process().pid() : 0;
  }

  /** Ends a node as a crash would; one that is kept running is started again soon. */
  synchronized void kill(NodeSpec node) {
    Child child = children.get(node);
    child.pause = PAUSE_MIN;
    child.current.process().toHandle().destroyForcibly(); // SIGKILL
  }

  /** Ends a node as a crash would, and leaves it so until it is released. */
  void hold(NodeSpec node) throws InterruptedException {
    Process process;
    synchronized (this) {
      held.add(node);
      process = children.get(node).current.process();
    }
    process.toHandle().destroyForcibly(); // SIGKILL
    process.waitFor();
  }

  /** Starts a node that is held. */
  synchronized void release(NodeSpec node) throws IOException {
    if (held.remove(node)) {
      start(node);
    }
  }

  @Override
  public boolean separate() {
    return true;
  }

  @Override
  public void await() throws InterruptedException {
    closed.await();
  }

  @Override
  public void close() {
    List<NodeSpec> order;
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
      order = new ArrayList<>(children.keySet());
    }
    if (!order.isEmpty()) {
      events.accept("stopping");
    }
    scheduler.shutdownNow();
    Collections.reverse(order);
    for (NodeSpec.Role role :
        List.of(NodeSpec.Role.FUSE, NodeSpec.Role.WORKER, NodeSpec.Role.MASTER)) {
      List<Process> together =
          order.stream()
              .filter(n -> n.role() == role)
              .map(n -> children.get(n).current.process())
              .toList();
      stop(together);
    }
    if (!order.isEmpty()) {
      events.accept("stopped");
    }
    closed.countDown();
  }

  private static void stop(List<Process> processes) {
    processes.forEach(process -> process.toHandle().destroy()); // SIGTERM; its input stays open
    long deadline = System.nanoTime() + STOP_MAX.toNanos();
    for (Process process : processes) {
      try {
        if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final class Child {
    private ChildProcess current;
    private long startedNanos;
    private Duration pause = PAUSE_MIN;

    Duration nextPause() {
      boolean wasHealthy = System.nanoTime() - startedNanos > HEALTHY_AFTER.toNanos();
      Duration now = wasHealthy ? PAUSE_MIN : pause;
      Duration doubled = now.multipliedBy(2);
      pause = doubled.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : doubled;
      return now;
    }
  }
}
