/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A bench that succeeded.
 *
 * @param out what it printed
 * @param report what it wrote for programs
 */
public record BenchRun(String out, JsonNode report) {
  /**
   * Runs {@code bin/curvine bench} to its end.
   *
   * @param report the file for its report
   */
  public static BenchRun of(Duration patience, Path report, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--report=" + report);
    Outcome outcome = Processes.curvine(patience, List.of("bench"), all.toArray(String[]::new));
    String out = outcome.succeeded();
    try {
      return new BenchRun(out, new ObjectMapper().readTree(report.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
