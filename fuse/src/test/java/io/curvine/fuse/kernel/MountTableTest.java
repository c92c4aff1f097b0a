/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MountTableTest {
  private static final String LINE =
      "36 35 0:98 / /mnt/a\\040b rw,nosuid shared:1 master:2 - fuse.curvine curvine rw,user_id=0";

  @Test
  void aLineGivesDeviceAndType() {
    MountTable.Mounted mounted = MountTable.parse(LINE, "/mnt/a b");
    assertThat(mounted).isEqualTo(new MountTable.Mounted("0:98", "fuse.curvine"));
    assertThat(mounted.minor()).isEqualTo("98");
    assertThat(mounted.isFuse()).isTrue();
  }

  @Test
  void anotherPathIsNotTaken() {
    assertThat(MountTable.parse(LINE, "/mnt")).isNull();
    assertThat(MountTable.parse("", "/mnt")).isNull();
  }
}
