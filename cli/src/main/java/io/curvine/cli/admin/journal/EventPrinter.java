/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.journal.tool.JournalScan;
import io.curvine.journal.tool.ScannedEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** Prints events as they come, one a line; ends where nobody reads them any more. */
final class EventPrinter implements JournalScan.Visitor {
  /** A look whether somebody still reads means that all is written at once. */
  private static final int LOOK_EVENTS = 1_000;

  private final PrintWriter out;
  private final EventLine line;
  private final boolean json;
  private final Consumer<Throwable> problems;
  private long printed;

  /**
   * @param line how people see an event
   * @param json one object of JSON a line instead
   * @param problems is told of what cannot be read
   */
  EventPrinter(PrintWriter out, EventLine line, boolean json, Consumer<Throwable> problems) {
    this.out = out;
    this.line = line;
    this.json = json;
    this.problems = problems;
  }

  @Override
  public boolean event(ScannedEvent event) {
    out.println(json ? Json.line(EventJson.of(event)) : line.of(event));
    printed++;
    return printed % LOOK_EVENTS != 0 || isRead();
  }

  @Override
  public void problem(IOException what) {
    problems.accept(new CliException(what.getMessage(), what));
  }

  /** Has all printed go out; false where nobody reads it any more. */
  boolean isRead() {
    return !out.checkError();
  }
}
