/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a shell script in place of bin/curvine. */
@Timeout(60)
class ProcessNodesTest {
  private static final String RUNS_UNTIL_STDIN_ENDS =
      "echo \"$@\" > \"$(dirname \"$0\")/arguments\"; cat > /dev/null";

  @TempDir Path temp;

  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  @Test
  void aNodeThatEndsAtItsStartSaysWhy() throws IOException {
    try (ProcessNodes nodes = nodes("echo noise; echo 'curvine: the disk is full' >&2; exit 1")) {
      nodes.start(master());
      await(() -> nodes.failure().isPresent());

      assertThat(nodes.failure().orElseThrow())
          .isEqualTo("master m1 ended: the disk is full (log: " + master().log() + ")");
      assertThat(nodes.pid(master())).isZero();
    }
  }

  @Test
  void aNodeThatIsKilledIsStartedAgain() throws Exception {
    try (ProcessNodes nodes = nodes(RUNS_UNTIL_STDIN_ENDS)) {
      nodes.start(master());
      nodes.keepRunning();
      long first = nodes.pid(master());

      ProcessHandle.of(first).orElseThrow().destroyForcibly();

      assertThat(events.poll(30, TimeUnit.SECONDS))
          .isEqualTo("master m1 ended: killed by signal 9; it is started again in 200 ms");
      assertThat(events.poll(30, TimeUnit.SECONDS)).startsWith("master m1 started again, process ");
      assertThat(nodes.pid(master())).isNotZero().isNotEqualTo(first);
      assertThat(nodes.failure()).isEmpty();
    }
  }

  @Test
  void closingEndsTheProcesses() throws IOException {
    ProcessHandle process;
    try (ProcessNodes nodes = nodes(RUNS_UNTIL_STDIN_ENDS)) {
      nodes.start(master());
      process = ProcessHandle.of(nodes.pid(master())).orElseThrow();
      assertThat(process.isAlive()).isTrue();
    }
    assertThat(process.isAlive()).isFalse();
    assertThat(events).containsExactly("stopping", "stopped");
  }

  @Test
  void childrenGetTheirSettingsAndThoseOfTheLauncher() throws IOException {
    try (ProcessNodes nodes = nodes(RUNS_UNTIL_STDIN_ENDS)) {
      nodes.start(master());
      Path arguments = temp.resolve("arguments");
      await(() -> Files.exists(arguments) && arguments.toFile().length() > 0);

      assertThat(arguments)
          .hasContent("master --parent-watch --config /etc/c.toml --set master.id=m1");
    }
  }

  private ProcessNodes nodes(String script) throws IOException {
    Path launcher = Files.writeString(temp.resolve("launcher"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new ProcessNodes(launcher, List.of("--config", "/etc/c.toml"), events::add);
  }

  private NodeSpec master() {
    return new NodeSpec(
        NodeSpec.Role.MASTER,
        "m1",
        List.of(),
        temp.resolve("m1"),
        temp.resolve("m1.log"),
        List.of("master.id=m1"));
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }
}
