/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DurableFileTest {
  @TempDir private Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void replacesWhatIsThereAndLeavesNothingBeside() throws Exception {
    Path file = directory.resolve("f");
    DurableFile.write(file, bytes("one, longer"));
    DurableFile.write(file, bytes("two"));
    assertThat(file).hasContent("two");
    assertThat(directory).isDirectoryContaining(file::equals);
    try (var all = Files.list(directory)) {
      assertThat(all).hasSize(1);
    }
  }

  @Test
  void takesNoAttributesOfADraftThatWasLeft() throws Exception {
    Path file = directory.resolve("f");
    Path left = Files.writeString(directory.resolve("f.new"), "left by one that was killed");
    Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rw-rw-rw-"));
    DurableFile.write(
        file,
        bytes("secret"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(file).hasContent("secret");
  }
}
