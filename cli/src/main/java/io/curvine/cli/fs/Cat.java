/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.client.CurvineInputStream;
import io.curvine.client.PastView;
import io.curvine.client.ReadOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fs cat}. */
@Command(
    name = "cat",
    description = "Write the content of files to standard output.",
    mixinStandardHelpOptions = true)
final class Cat extends PastAction {
  @Option(
      names = "--at",
      paramLabel = "WHEN",
      description = {
        "As they were, where a worker's cache or the UFS still has that content.",
        Moments.HELP
      })
  private String at;

  @Mixin private ReadMixin reading;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files, in this order.")
  private List<String> paths;

  @Override
  void runConnected() throws IOException {
    PastView past = at == null ? null : past("--at", at);
    ReadOptions options = reading.options(client());
    OutputStream stdout = program().stdout();
    byte[] buffer = new byte[Transfer.CHUNK_BYTES];
    each(
        paths,
        path -> {
          try (CurvineInputStream in =
              past == null
                  ? client().openStream(path.ref(), options)
                  : past.openStream(path.ref(), options)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
              stdout.write(buffer, 0, read);
            }
          }
        });
    stdout.flush();
  }
}
