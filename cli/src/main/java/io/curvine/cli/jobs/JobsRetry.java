/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import io.curvine.client.Namespace;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code curvine jobs retry}: does jobs again. */
@Command(
    name = "retry",
    description = {
      "Do again what jobs that have ended, or failed for good, did not do.",
      "What is made for a change that a UFS refused is what brings the UFS to what the namespace",
      "holds now."
    },
    mixinStandardHelpOptions = true)
final class JobsRetry extends JobsChange {
  @Override
  void change(Namespace namespace, long id) throws IOException {
    namespace.retryJob(id);
  }
}
