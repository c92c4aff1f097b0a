/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.client.AttributeChange;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fs chmod}. */
@Command(name = "chmod", description = "Change permission bits.", mixinStandardHelpOptions = true)
final class Chmod extends FsAction {
  @Option(names = "-R", description = "And of all below.")
  private boolean recursive;

  @Parameters(
      index = "0",
      paramLabel = "MODE",
      description = "Octal, or clauses such as u+rwx,go-w.")
  private String mode;

  @Parameters(index = "1..*", paramLabel = "PATH", arity = "1..*", description = "Of these.")
  private List<String> paths;

  @Override
  void runConnected() throws IOException {
    ModeChange change = ModeChange.parse(mode);
    each(
        paths,
        path -> {
          if (!recursive) {
            change(path, namespace().get(path.ref(), true).getInode(), change);
            return;
          }
          Tree.walk(
              namespace(),
              path,
              true,
              (each, inode) -> {
                if (inode.getType() != InodeType.SYMLINK) {
                  change(each, inode, change);
                }
              });
        });
  }

  private void change(RemotePath path, Inode inode, ModeChange change) throws IOException {
    int bits = change.apply(inode.getMode(), inode.getType() == InodeType.DIRECTORY);
    if (bits != inode.getMode()) {
      namespace().setAttributes(path.ref(), AttributeChange.none().mode(bits));
    }
  }
}
