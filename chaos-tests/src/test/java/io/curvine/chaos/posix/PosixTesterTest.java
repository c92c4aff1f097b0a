/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.curvine.chaos.posix.Shrinker.Shrunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tester itself: two local directories agree, and a faulty file system is found out. */
final class PosixTesterTest {
  private static final int SEEDS = 10;
  private static final int STEPS = 1_000;

  @TempDir private Path temp;
  private Path one;
  private Path other;

  @BeforeEach
  void makeDirectories() throws IOException {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    one = Files.createDirectory(temp.resolve("one"));
    other = Files.createDirectory(temp.resolve("other"));
    Bed.loadClasses(one);
  }

  @Test
  void twoDirectoriesOfOneFileSystemAgree() {
    Bed bed = new Bed(one, List.of(other), new Posix());
    for (long seed = 1; seed <= SEEDS; seed++) {
      assertThat(bed.run(Steps.of(seed, STEPS, 1))).as("seed " + seed).isEmpty();
    }
  }

  @Test
  void twoViewsOfOneDirectoryAgree() {
    Bed bed = new Bed(one, List.of(other, other), new Posix());
    for (long seed = 1; seed <= SEEDS; seed++) {
      assertThat(bed.run(Steps.of(seed, STEPS, 2))).as("seed " + seed).isEmpty();
    }
  }

  @Test
  void aWrongErrorNumberIsFoundAndShrunk() {
    Shrunk shrunk =
        shrunk(
            new Posix() {
              @Override
              long removeDirectory(String path) {
                long result = super.removeDirectory(path);
                return result < 0 ? -1 : result;
              }
            });
    assertThat(shrunk.steps()).hasSize(1);
    assertThat(shrunk.difference().kind()).isEqualTo("rmdir");
    assertThat(shrunk.difference().seen()).isEqualTo("EPERM");
  }

  @Test
  void aLostWriteIsFound() {
    Shrunk shrunk =
        shrunk(
            new Posix() {
              @Override
              long write(int descriptor, byte[] from, long position) {
                return position > 10_000 && from.length > 5_000
                    ? from.length
                    : super.write(descriptor, from, position);
              }
            });
    assertThat(shrunk.steps()).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void aChangeOfAttributesThatIsNotMadeIsFound() {
    Shrunk shrunk =
        shrunk(
            new Posix() {
              @Override
              long changeMode(int descriptor, int mode) {
                return 0;
              }
            });
    assertThat(shrunk.steps()).hasSizeLessThanOrEqualTo(4);
  }

  private Shrunk shrunk(Posix faulty) {
    Bed bed = new Bed(one, List.of(other), faulty);
    for (long seed = 1; seed <= SEEDS; seed++) {
      List<Step> steps = Steps.of(seed, STEPS, 1);
      Optional<Difference> found = bed.run(steps);
      if (found.isPresent()) {
        return new Shrinker(bed::run, 300).shrink(steps, found.get());
      }
    }
    throw new AssertionError("the fault was not found");
  }
}
