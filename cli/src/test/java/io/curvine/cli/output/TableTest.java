/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columnsAreAlignedAndNothingTrails() {
    String text =
        new Table("NAME", ">SIZE", "OWNER")
            .row("a", 5, "root")
            .row("grüße.txt", 12345, "")
            .render();

    assertThat(text)
        .isEqualTo(
            """
            NAME        SIZE  OWNER
            a              5  root
            grüße.txt  12345
            """);
  }

  @Test
  void aRowHasACellForEachColumn() {
    assertThatThrownBy(() -> new Table("A", "B").row("1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 cells for 2 columns");
  }

  @Test
  void aLongTableIsRenderedInPieces() {
    Table table = new Table("NAME", ">SIZE");
    assertThat(table.isEmpty()).isTrue();
    String first = table.row("wide enough", 7).drain();
    assertThat(first).isEqualTo("NAME         SIZE\nwide enough     7\n");
    assertThat(table.waiting()).isZero();
    assertThat(table.isEmpty()).isFalse();
    assertThat(table.row("b", 12).drain()).isEqualTo("b              12\n");
  }
}
