/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.config.Units;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine quota set}. */
@Command(
    name = "set",
    description = {
      "Limit what lies below a directory, at any depth. What would go past the limit is refused"
          + " from then on; what is there stays.",
      "Of a quota that is there, only what is given changes. For the superuser."
    },
    mixinStandardHelpOptions = true)
final class QuotaSetCommand extends FsAction {
  @Parameters(paramLabel = "PATH", description = "The directory.")
  private String path;

  @Option(
      names = "--bytes",
      paramLabel = "SIZE",
      description = "Of the files' lengths, such as 10GiB; 0: no limit.")
  private String bytes;

  @Option(
      names = "--inodes",
      paramLabel = "N",
      description =
          "Files, directories, symbolic links and special files, without the directory; 0: no"
              + " limit.")
  private Long inodes;

  @Override
  void runConnected() throws IOException {
    if (bytes == null && inodes == null) {
      throw usage("no limit is given; allowed: --bytes, --inodes, or both");
    }
    namespace().setQuota(RemotePath.parse(path).ref(), maxBytes(), inodes);
  }

  private Long maxBytes() {
    try {
      return bytes == null ? null : Long.valueOf(Units.bytes(bytes));
    } catch (IllegalArgumentException e) {
      throw usage("--bytes: " + e.getMessage());
    }
  }
}
