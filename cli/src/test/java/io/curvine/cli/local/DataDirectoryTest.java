/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path temp;

  @Test
  void isMadeAndFoundAgain() throws IOException {
    Path path = temp.resolve("new/data");
    try (DataDirectory data = DataDirectory.open(path)) {
      assertThat(data.isSetUp()).isFalse();
      data.markSetUp();
    }
    try (DataDirectory again = DataDirectory.open(path)) {
      assertThat(again.isSetUp()).isTrue();
    }
  }

  @Test
  void basePortIsKept() throws IOException {
    try (DataDirectory data = DataDirectory.open(temp.resolve("data"))) {
      assertThat(data.basePort(Optional.empty())).isEqualTo(8995);
      assertThat(data.basePort(Optional.of(20_000))).isEqualTo(20_000);
      data.markBasePort(20_000);

      assertThat(data.basePort(Optional.empty())).isEqualTo(20_000);
      assertThat(data.basePort(Optional.of(20_000))).isEqualTo(20_000);
      assertThatThrownBy(() -> data.basePort(Optional.of(8995)))
          .hasMessage(
              data.path()
                  + " was made with --base-port 20000, not 8995; allowed: that one, or another"
                  + " --data-dir");
    }
  }

  @Test
  void oneHolderAtATime() throws IOException {
    try (DataDirectory held = DataDirectory.open(temp.resolve("data"))) {
      assertThatThrownBy(() -> DataDirectory.open(held.path()))
          .hasMessage(
              "a local cluster runs on "
                  + held.path()
                  + " already (process "
                  + ProcessHandle.current().pid()
                  + ")");
    }
  }

  @Test
  void somethingElseIsLeftAlone() throws IOException {
    Path file = Files.writeString(temp.resolve("precious"), "x");

    assertThatThrownBy(() -> DataDirectory.open(temp)).hasMessageContaining("holds something else");
    assertThatThrownBy(() -> DataDirectory.open(file)).hasMessageContaining("is not a directory");
    assertThat(temp).isDirectoryContaining(child -> child.equals(file));
  }
}
