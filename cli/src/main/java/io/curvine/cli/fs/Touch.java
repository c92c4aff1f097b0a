/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.client.AttributeChange;
import io.curvine.client.CreateOptions;
import io.curvine.protocol.proto.Entry;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fs touch}. */
@Command(
    name = "touch",
    description = "Make empty files, or set the times of those that exist to now.",
    mixinStandardHelpOptions = true)
final class Touch extends FsAction {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  @Option(names = "-c", description = "Make none.")
  private boolean noCreate;

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or directories.")
  private List<String> paths;

  @Override
  void runConnected() throws IOException {
    Instant now = Instant.now();
    long nanos = now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
    AttributeChange times = AttributeChange.none().atimeNanos(nanos).mtimeNanos(nanos);
    each(
        paths,
        path -> {
          Optional<Entry> existing = namespace().find(path.ref(), true);
          if (existing.isPresent()) {
            namespace().setAttributes(path.ref(), times);
          } else if (!noCreate) {
            client().create(path.ref(), CreateOptions.defaults().withExclusive(true)).close();
          }
        });
  }
}
