/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
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

  @Test
  void whatGoesWhileItIsCountedDoesNotCount() throws IOException {
    Path tree = Files.createDirectories(temp.resolve("tree/below")).getParent();
    for (int i = 0; i < 10; i++) {
      Files.writeString(tree.resolve("below/file" + i), "0123456789");
    }
    assertThat(FileTrees.bytes(tree, file -> true)).isEqualTo(100);
    assertThat(FileTrees.bytes(tree, file -> file.endsWith("file3"))).isEqualTo(10);

    assertThat(FileTrees.bytes(tree, FileTreesTest::allOthersGo)).isEqualTo(10);

    FileTrees.delete(tree);
    assertThatThrownBy(() -> FileTrees.bytes(tree, file -> true))
        .isInstanceOf(NoSuchFileException.class);
  }

  /** The directory was listed with them in it. */
  private static boolean allOthersGo(Path kept) {
    try (Stream<Path> files = Files.list(kept.getParent())) {
      for (Path file : files.filter(file -> !file.equals(kept)).toList()) {
        Files.delete(file);
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
