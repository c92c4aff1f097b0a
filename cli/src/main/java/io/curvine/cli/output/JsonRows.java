/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** A document that is an array, too long to be held: each row is written as it comes. */
public final class JsonRows {
  private final PrintWriter out;
  private boolean begun;

  /** Writes there. */
  public JsonRows(PrintWriter out) {
    this.out = out;
  }

  /** Writes a row. */
  public void add(JsonNode row) {
    out.print(begun ? ", " : "[ ");
    out.print(Json.document(row));
    begun = true;
  }

  /** Ends the document. */
  public void end() {
    out.println(begun ? " ]" : "[ ]");
  }
}
