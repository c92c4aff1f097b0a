/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import io.curvine.cli.CliException;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of the machine, as a person would run them. Stateless. */
final class Programs {
  private Programs() {}

  /** Whether there is one of that name. */
  static boolean has(String program) {
    for (String each : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (!each.isEmpty() && Files.isExecutable(Path.of(each, program))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Runs one to its end, without what the user and the machine have configured for git.
   *
   * @return what it said, errors too
   * @throws CliException where it fails, with its last line
   */
  static byte[] run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(Redirect.from(new File("/dev/null")));
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    Process process = builder.start();
    byte[] said = process.getInputStream().readAllBytes();
    int exit = process.waitFor();
    if (exit != 0) {
      List<String> lines = new String(said, StandardCharsets.UTF_8).lines().toList();
      throw new CliException(
          String.join(" ", command)
              + " ended with "
              + exit
              + ": "
              + (lines.isEmpty() ? "" : lines.get(lines.size() - 1)));
    }
    return said;
  }
}
