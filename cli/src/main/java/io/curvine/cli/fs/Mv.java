/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.CliException;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fs mv}. */
@Command(
    name = "mv",
    description = "Rename, or move into a directory.",
    mixinStandardHelpOptions = true)
final class Mv extends FsAction {
  @Option(names = "-n", description = "Refuse to replace what exists.")
  private boolean noReplace;

  @Option(names = "-T", description = "The target is the new name, also where it is a directory.")
  private boolean exactTarget;

  @Parameters(paramLabel = "PATH", arity = "2..*", description = "What to move, and last where to.")
  private List<String> paths;

  @Override
  void runConnected() throws IOException {
    RemotePath target = RemotePath.parse(paths.get(paths.size() - 1));
    List<String> sources = paths.subList(0, paths.size() - 1);
    Optional<Entry> existing = namespace().find(target.ref(), true);
    boolean into =
        !exactTarget
            && existing.filter(e -> e.getInode().getType() == InodeType.DIRECTORY).isPresent();
    if (sources.size() > 1 && !into) {
      throw new CliException(
          target + " is not a directory; allowed with several sources: a directory");
    }
    each(
        sources,
        source -> {
          RemotePath to = into ? target.child(source.name()) : target;
          namespace().rename(source.ref(), to.ref(), noReplace);
        });
  }
}
