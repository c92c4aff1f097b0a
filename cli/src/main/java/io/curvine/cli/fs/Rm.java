/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.CliException;
import io.curvine.client.Batch;
import io.curvine.client.Outcome;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fs rm}. */
@Command(
    name = "rm",
    description = "Delete files and directories.",
    mixinStandardHelpOptions = true)
final class Rm extends FsAction {
  @Option(
      names = {"-r", "-R"},
      description = "Directories, with all below.")
  private boolean recursive;

  @Option(names = "-d", description = "Empty directories.")
  private boolean directories;

  @Option(names = "-f", description = "What does not exist is no error.")
  private boolean force;

  @Option(
      names = "--skip-trash",
      description = "Nothing is kept in the trash, whatever the policy of its directory says.")
  private boolean skipTrash;

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "What to delete.")
  private List<String> paths;

  /** All in few requests; what was typed wrong or is refused does not keep the others. */
  @Override
  void runConnected() throws IOException {
    InodeType mustBe = recursive || directories ? InodeType.INODE_TYPE_UNSPECIFIED : InodeType.FILE;
    Batch batch = namespace().batch();
    each(paths, path -> batch.delete(path.ref(), mustBe, recursive, skipTrash));
    for (Outcome outcome : batch.run()) {
      if (!outcome.ok() && !(force && outcome.code() == ErrorCode.NOT_FOUND)) {
        problem(failure(outcome));
      }
    }
  }

  private static IOException failure(Outcome outcome) {
    return outcome.code() == ErrorCode.IS_A_DIRECTORY
        ? new CliException(outcome.message() + "; allowed: -r for directories with all below")
        : new CurvineException(outcome.code(), outcome.message());
  }
}
