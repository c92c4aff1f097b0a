/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.io;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** Directories of the local disk with all that is below them. */
public final class FileTrees {
  private FileTrees() {}

  /** As {@link #delete}, where there is something. */
  public static void deleteIfExists(Path tree) throws IOException {
    if (Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      delete(tree);
    }
  }

  /**
   * Removes a file or a directory with all below; symbolic links are removed, not followed. What
   * somebody else removes meanwhile is no failure.
   */
  public static void delete(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new ChangingTreeVisitor() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /**
   * Bytes of the regular files below a directory of which somebody may be removing files meanwhile;
   * those do not count.
   *
   * @param counts says which files count
   * @throws NoSuchFileException where the directory itself is not there
   */
  public static long bytes(Path tree, Predicate<Path> counts) throws IOException {
    if (Files.notExists(tree)) {
      throw new NoSuchFileException(tree.toString());
    }
    LongAdder sum = new LongAdder();
    Files.walkFileTree(
        tree,
        new ChangingTreeVisitor() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && counts.test(file)) {
              sum.add(attributes.size());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sum.sum();
  }

  /** Of a tree in which others remove something meanwhile: what is gone is passed over. */
  private static class ChangingTreeVisitor extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }
}
