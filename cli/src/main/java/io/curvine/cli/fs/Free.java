/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fs free}. */
@Command(
    name = "free",
    description = "Drop what is cached of files. What the UFS does not have is kept.",
    mixinStandardHelpOptions = true)
final class Free extends FsAction {
  @Option(
      names = {"-r", "-R"},
      description = "Of directories, with all below.")
  private boolean recursive;

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "Of these.")
  private List<String> paths;

  @Override
  void runConnected() throws IOException {
    AtomicLong files = new AtomicLong();
    each(
        paths,
        path ->
            Tree.walk(
                namespace(),
                path,
                recursive,
                (each, inode) -> {
                  if (inode.getType() == InodeType.FILE) {
                    client().free(each.ref());
                    files.incrementAndGet();
                  } else if (inode.getType() == InodeType.DIRECTORY && !recursive) {
                    throw new CliException(each + " is a directory; allowed: -r for all below");
                  }
                }));
    print(Json.object().put("files", files.get()), "freed " + files.get() + " files\n");
  }
}
