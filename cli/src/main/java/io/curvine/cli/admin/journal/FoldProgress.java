/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import io.curvine.master.tool.Replay;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** Shows people how far a fold of the journal is, each second. For one thread. */
final class FoldProgress implements Replay.Listener {
  private static final long SHOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final PrintWriter to;
  private long shownNanos = System.nanoTime();

  FoldProgress(PrintWriter to) {
    this.to = to;
  }

  @Override
  public void folded(long events, long offset, long target) {
    long now = System.nanoTime();
    if (now - shownNanos >= SHOW_NANOS) {
      shownNanos = now;
      to.println(events + " events, offset " + offset + " of " + target);
      to.flush();
    }
  }
}
