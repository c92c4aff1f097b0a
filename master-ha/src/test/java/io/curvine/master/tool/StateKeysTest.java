/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import org.junit.jupiter.api.Test;

class StateKeysTest {
  @Test
  void everyFamilyHasAForm() {
    assertThat(ColumnFamily.all())
        .allSatisfy(family -> assertThat(StateKeys.parse(family, "1").length()).isPositive());
  }

  @Test
  void offsetsOfGroupsAreReadAndWritten() {
    Key plain = Keys.groupOffset("g 1", "events", 3);
    assertThat(StateKeys.text(ColumnFamily.GROUP_OFFSETS, plain)).isEqualTo("g 1:events:3");
    for (String group : new String[] {"g 1", "", "a:b", "a\\b:c", "\u00fc:\n"}) {
      Key key = Keys.groupOffset(group, "events", 3);
      String text = StateKeys.text(ColumnFamily.GROUP_OFFSETS, key);
      assertThat(text).doesNotStartWith("0x");
      assertThat(StateKeys.parse(ColumnFamily.GROUP_OFFSETS, text)).isEqualTo(key);
    }
    assertThat(StateKeys.parse(ColumnFamily.GROUP_OFFSETS, "g")).isEqualTo(Keys.groupOffsets("g"));
    Key cut = Key.of(new byte[] {'g'});
    assertThat(StateKeys.text(ColumnFamily.GROUP_OFFSETS, cut)).isEqualTo("0x67");
  }
}
