/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.client.CurvineInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine fs cat}. */
@Command(
    name = "cat",
    description = "Write the content of files to standard output.",
    mixinStandardHelpOptions = true)
final class Cat extends FsAction {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files, in this order.")
  private List<String> paths;

  @Override
  void runConnected() throws IOException {
    OutputStream stdout = program().stdout();
    byte[] buffer = new byte[Transfer.CHUNK_BYTES];
    each(
        paths,
        path -> {
          try (CurvineInputStream in = client().openStream(path.ref())) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
              stdout.write(buffer, 0, read);
            }
          }
        });
    stdout.flush();
  }
}
