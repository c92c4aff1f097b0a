/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import io.curvine.cli.Action;
import io.curvine.cli.config.Units;
import io.curvine.cli.output.Json;
import io.curvine.client.CurvineClient;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine umount}. */
@Command(
    name = "umount",
    aliases = "unmount",
    description = {
      "Take a mount away. The UFS keeps everything.",
      "Refused while there are changes that the UFS does not have yet."
    },
    mixinStandardHelpOptions = true)
public final class UmountCommand extends Action {
  @Parameters(paramLabel = "PATH", description = "Where it is mounted in the namespace.")
  private String path;

  @Option(names = "--flush", description = "Wait until the UFS has all changes, then unmount.")
  private boolean flush;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "With --flush: the longest wait; the mount stays after it. Default: 10m.")
  private String timeout;

  @Override
  protected void run() throws IOException {
    if (timeout != null && !flush) {
      throw usage("--timeout is given; allowed: with --flush");
    }
    Duration patience;
    try {
      patience = Units.duration(timeout == null ? "10m" : timeout);
    } catch (IllegalArgumentException e) {
      throw usage("--timeout: " + e.getMessage());
    }
    try (CurvineClient client = connect()) {
      if (flush) {
        new FlushedUnmount(client.namespace(), path, patience, progress()).run();
      } else {
        client.namespace().unmount(path);
      }
      print(Json.object().put("unmounted", path), "unmounted " + path + "\n");
    }
  }

  /** On a terminal one line that is written over; to a program, nothing. */
  private LongConsumer progress() {
    if (!onTerminal()) {
      return left -> {};
    }
    return left -> {
      err().print("\r" + left + " changes are to reach the UFS   " + (left == 0 ? "\n" : ""));
      err().flush();
    };
  }
}
