/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountPointTest {
  @TempDir Path temp;

  @Test
  void isMadeWhereItIsMissing() throws IOException {
    Path point = temp.resolve("a/b");

    MountPoint.prepare(point);

    assertThat(point).isEmptyDirectory();
    assertThat(MountPoint.isMounted(point)).isFalse();
  }

  @Test
  void hidesNothing() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");

    assertThatThrownBy(() -> MountPoint.prepare(temp))
        .hasMessage(
            temp.toRealPath() + " is not empty; allowed as mount point: an empty directory");
    assertThatThrownBy(() -> MountPoint.prepare(file)).hasMessageContaining("is not a directory");
  }

  @Test
  void mountsOfTheKernelAreSeen() throws IOException {
    assertThat(MountPoint.isMounted(Path.of("/proc"))).isTrue();
    assertThatThrownBy(() -> MountPoint.prepare(Path.of("/proc")))
        .hasMessage("/proc is a mount already; unmount it first: umount /proc");
  }
}
