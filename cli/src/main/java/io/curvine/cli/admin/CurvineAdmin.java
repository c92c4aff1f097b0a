/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin;

import io.curvine.cli.Program;
import io.curvine.cli.Version;
import io.curvine.cli.admin.db.DbCommand;
import io.curvine.cli.admin.doctor.DoctorCommand;
import io.curvine.cli.admin.feed.FeedCommand;
import io.curvine.cli.admin.fsck.FsckCommand;
import io.curvine.cli.admin.journal.JournalCommand;
import io.curvine.cli.admin.quorum.QuorumCommand;
import io.curvine.cli.admin.snapshot.SnapshotCommand;
import io.curvine.cli.admin.state.StateCommand;
import io.curvine.cli.admin.ufs.UfsCommand;
import io.curvine.cli.admin.worker.WorkerCommand;
import io.curvine.cli.command.ConfigCommand;
import io.curvine.cli.command.VersionCommand;
import io.curvine.cli.jobs.JobsCommand;
import java.io.OutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The program {@code curvine-admin}: what operators do to a running cluster. */
@Command(
    name = "curvine-admin",
    description = "Operate a Curvine cluster.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      QuorumCommand.class,
      WorkerCommand.class,
      SnapshotCommand.class,
      FeedCommand.class,
      BackupCommand.class,
      DoctorCommand.class,
      ConfigCommand.class,
      JournalCommand.class,
      StateCommand.class,
      DbCommand.class,
      FsckCommand.class,
      UfsCommand.class,
      JobsCommand.class,
      VersionCommand.class,
      HelpCommand.class
    })
public final class CurvineAdmin extends Program {
  /** A program that writes bytes there. */
  public CurvineAdmin(OutputStream stdout) {
    super(stdout);
  }

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    new CurvineAdmin(System.out).runAndExit(arguments);
  }
}
