/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import io.curvine.client.Namespace;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code curvine jobs cancel}: cancels jobs. */
@Command(
    name = "cancel",
    description = {
      "End jobs of load, export and free: what is under way goes on to its end, no more is begun.",
      "A change that a UFS refused for good is given up: its data stays in Curvine, and the UFS",
      "keeps what it has until the file changes again or is exported by 'curvine export'."
    },
    mixinStandardHelpOptions = true)
final class JobsCancel extends JobsChange {
  @Override
  void change(Namespace namespace, long id) throws IOException {
    namespace.cancelJob(id);
  }
}
