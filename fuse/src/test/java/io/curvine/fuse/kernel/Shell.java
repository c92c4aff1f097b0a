/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs what users type. */
final class Shell {
  private Shell() {}

  /**
   * Runs a script, which has to end well, and gives what it printed.
   *
   * @param in the directory that it runs in
   * @param temporary another one, for its output
   */
  static String run(String script, Path in, Path temporary) throws Exception {
    Path output = Files.createTempFile(temporary, "sh", ".out");
    Process process =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
            .directory(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", script).isTrue();
    String printed = Files.readString(output);
    assertThat(process.exitValue()).as("%s: %s", script, printed).isZero();
    return printed.strip();
  }
}
