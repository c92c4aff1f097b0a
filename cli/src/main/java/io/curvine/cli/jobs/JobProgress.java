/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import io.curvine.cli.config.Units;
import io.curvine.protocol.proto.TreeJob;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** A line on a terminal that says how far a job is, written over and over. For one thread. */
final class JobProgress {
  private static final int BAR = 24;
  private static final int MILLE = 1_000;

  private final PrintWriter terminal;
  private final long beganNanos = System.nanoTime();
  private int width;

  /**
   * Begins.
   *
   * @param terminal null: nobody looks on
   */
  JobProgress(PrintWriter terminal) {
    this.terminal = terminal;
  }

  void show(TreeJob job) {
    if (terminal == null) {
      return;
    }
    String line = line(job, Duration.ofNanos(System.nanoTime() - beganNanos));
    terminal.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
    terminal.flush();
    width = line.length();
  }

  /** Leaves an empty line for what comes. */
  void end() {
    if (terminal != null && width > 0) {
      terminal.print("\r" + " ".repeat(width) + "\r");
      terminal.flush();
    }
  }

  /** How far it is after a while. */
  static String line(TreeJob job, Duration after) {
    StringBuilder text = new StringBuilder();
    long mille = mille(job);
    int filled = (int) (mille * BAR / MILLE);
    text.append('[').append("#".repeat(filled)).append(".".repeat(BAR - filled)).append("] ");
    text.append(String.format(Locale.ROOT, "%3d%%  ", mille * 100 / MILLE));
    if (job.getBytes() > 0) {
      text.append(Units.showBytes(job.getBytesDone()))
          .append(" of ")
          .append(Units.showBytes(job.getBytes()))
          .append(", ");
    }
    text.append(job.getFilesDone()).append(" of ").append(JobTexts.files(job.getFiles()));
    double seconds = Math.max(0.001, after.toMillis() / 1000.0);
    if (job.getBytesDone() > 0) {
      text.append(", ").append(Units.showBytes((long) (job.getBytesDone() / seconds))).append("/s");
    }
    if (!job.getWalked()) {
      text.append(", more are looked for");
    } else if (mille > 0 && mille < MILLE) {
      text.append(", ").append(left(seconds * (MILLE - mille) / mille)).append(" left");
    }
    return text.toString();
  }

  /** Of what was found so far, failures too. */
  private static long mille(TreeJob job) {
    long of = job.getBytes() > 0 ? job.getBytes() : job.getFiles();
    long done = job.getBytes() > 0 ? job.getBytesDone() : job.getFilesDone() + job.getFilesFailed();
    return of == 0 ? 0 : Math.min(MILLE, (long) ((double) done * MILLE / of));
  }

  private static String left(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60
        ? whole + " s"
        : whole < 3_600
            ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
            : String.format(Locale.ROOT, "%d:%02d h", whole / 3_600, whole % 3_600 / 60);
  }
}
