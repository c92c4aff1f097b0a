/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.local;

import io.curvine.protocol.io.FileTrees;
import io.curvine.ufs.change.ChangeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Random operations on a real tree: the hints cover every path that differs. */
@Timeout(300)
class InotifySourceRandomTest {
  private static final int ROUNDS = 60;
  private static final int OPERATIONS = 200;
  private static final int NAMES = 4;
  private static final int DEPTH = 4;

  @TempDir Path dir;

  private Path root;
  private Path outside;
  private Random random;

  /** Operations that were not possible as things were. */
  private int refused;

  @Test
  void hintsCoverWhatChanges() throws Exception {
    long seed = Long.getLong("curvine.seed", System.nanoTime());
    System.out.println("curvine.seed=" + seed);
    random = new Random(seed);
    root = Files.createDirectory(dir.resolve("root"));
    outside = Files.createDirectory(dir.resolve("outside"));
    operate(OPERATIONS);
    URI location = root.toUri();
    try (ChangeSource source =
        new InotifySourceProvider().open(location, Map.of(), Optional.empty())) {
      Mirrored mirrored = new Mirrored(root, source);
      for (int round = 0; round < ROUNDS; round++) {
        CompletableFuture<Void> busy =
            CompletableFuture.runAsync(() -> operate(1 + random.nextInt(OPERATIONS)));
        mirrored.catchUp();
        busy.join();
        mirrored.catchUp();
      }
      System.out.println(refused + " operations were refused");
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private void operate(int count) {
    for (int i = 0; i < count; i++) {
      try {
        operate();
      } catch (FileSystemException e) {
        refused++; // as a rename of a directory onto a file
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void operate() throws IOException {
    Path at = path(root);
    switch (random.nextInt(10)) {
      case 0, 1 -> Files.createDirectories(at);
      case 2, 3, 4 -> Files.writeString(at, String.valueOf(random.nextInt()));
      case 5 -> Files.delete(at);
      case 6 -> Files.move(at, path(root), StandardCopyOption.ATOMIC_MOVE);
      case 7 -> Files.move(at, path(outside), StandardCopyOption.ATOMIC_MOVE);
      case 8 -> bringIn(at);
      default -> {
        if (random.nextInt(4) == 0) {
          FileTrees.deleteIfExists(at);
        } else {
          Files.createSymbolicLink(at, outside);
        }
      }
    }
  }

  private void bringIn(Path to) throws IOException {
    Path from = path(outside);
    Files.createDirectories(from);
    Files.writeString(from.resolve("f"), String.valueOf(random.nextInt()));
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private Path path(Path below) {
    Path path = below;
    for (int depth = 1 + random.nextInt(DEPTH); depth > 0; depth--) {
      path = path.resolve("n" + random.nextInt(NAMES));
    }
    return path;
  }
}
