/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Text in aligned columns. Not thread-safe. */
public final class Table {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();
  private final boolean[] right;
  private final int[] widths;

  /** Rows, with the heading, that were rendered and are not kept. */
  private int drained;

  /** With a heading; a column whose heading begins with '>' is aligned to the right. */
  public Table(String... headings) {
    right = new boolean[headings.length];
    widths = new int[headings.length];
    List<String> first = new ArrayList<>();
    for (int i = 0; i < headings.length; i++) {
      right[i] = headings[i].startsWith(">");
      first.add(right[i] ? headings[i].substring(1) : headings[i]);
    }
    rows.add(first);
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException where it has not one cell a column
   */
  public Table row(Object... cells) {
    if (cells.length != right.length) {
      throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(String.valueOf(cell));
    }
    rows.add(row);
    return this;
  }

  /** No row but the heading. */
  public boolean isEmpty() {
    return drained + rows.size() == 1;
  }

  /** Rows that are to be rendered. */
  public int waiting() {
    return rows.size();
  }

  /**
   * What {@link #render} gives of the rows since the last time, which are not kept: of a table that
   * is too long to be held. A column is never narrower than it was.
   */
  public String drain() {
    String text = render();
    drained += rows.size();
    rows.clear();
    return text;
  }

  /** One line a row, each with a line end; nothing trails. */
  public String render() {
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String cell = row.get(i);
        String padding = " ".repeat(widths[i] - width(cell));
        line.append(i == 0 ? "" : GAP).append(right[i] ? padding + cell : cell + padding);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
