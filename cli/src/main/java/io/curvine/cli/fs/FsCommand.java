/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.Action;
import picocli.CommandLine.Command;

/** {@code curvine fs}: what one does with files. */
@Command(
    name = "fs",
    description = "List, read, write and change files.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      Ls.class,
      Cat.class,
      Put.class,
      Get.class,
      Mkdir.class,
      Mv.class,
      Rm.class,
      Stat.class,
      Touch.class,
      Du.class,
      Df.class,
      Chmod.class,
      Chown.class,
      Blocks.class,
      HistoryCommand.class,
      Diff.class,
      Undelete.class
    })
public final class FsCommand extends Action {
  @Override
  protected void run() {
    throw usage("no command; 'curvine fs --help' lists the commands");
  }
}
