/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs as a person would. */
public final class Processes {
  private Processes() {}

  /** Runs to the end; output is kept in files so that a full pipe cannot stop it. */
  public static Outcome run(
      Map<String, String> environment, Duration patience, List<String> command) {
    try {
      Path out = Files.createTempFile("curvine-out", ".txt");
      Path err = Files.createTempFile("curvine-err", ".txt");
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      Process process = builder.start();
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            "no end after "
                + patience.toSeconds()
                + " s: "
                + command
                + "\n"
                + Files.readString(out)
                + Files.readString(err));
      }
      Outcome outcome =
          new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return outcome;
    } catch (IOException e) {
      throw new AssertionError("cannot run " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while running " + command, e);
    }
  }

  /** Runs {@code bin/curvine} of this checkout, which is built, to its end. */
  public static Outcome curvine(Duration patience, List<String> command, String... arguments) {
    List<String> all = new ArrayList<>();
    all.add(RepositoryRoot.find().resolve("bin/curvine").toString());
    all.addAll(command);
    all.addAll(List.of(arguments));
    return run(Map.of("CURVINE_BUILD", "never"), patience, all);
  }

  /** kill -9, and wait until the process is gone. */
  public static void kill9(long pid) {
    ProcessHandle handle =
        ProcessHandle.of(pid)
            .orElseThrow(() -> new AssertionError("no process " + pid + " to kill"));
    handle.destroyForcibly();
    Await.until("end of process " + pid, Duration.ofSeconds(10), () -> !handle.isAlive());
  }
}
