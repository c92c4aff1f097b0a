/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreesTest {
  @TempDir Path temp;

  @Test
  void deletesWhatIsBelowAndNotWhatLinksPointTo() throws IOException {
    Path kept = Files.writeString(temp.resolve("kept"), "x");
    Path tree = Files.createDirectories(temp.resolve("tree/a/b")).getParent().getParent();
    Files.writeString(tree.resolve("a/b/file"), "x");
    Files.createSymbolicLink(tree.resolve("a/link"), kept);
    Files.createSymbolicLink(tree.resolve("a/directory"), temp);

    FileTrees.delete(tree);

    assertThat(tree).doesNotExist();
    assertThat(kept).hasContent("x");
  }

  @Test
  void takesAFileAndWhatIsNotThere() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");
    FileTrees.delete(file);
    FileTrees.delete(file);
    assertThat(file).doesNotExist();
  }
}
