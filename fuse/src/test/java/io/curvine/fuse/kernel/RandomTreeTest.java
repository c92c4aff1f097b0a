/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.curvine.fuse.FakeBackend;
import io.curvine.fuse.FuseConfig;
import io.curvine.fuse.vfs.Vfs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Does the same random changes in the mount and in a local directory: both have to agree. */
@Timeout(120)
class RandomTreeTest {
  private static final int STEPS = 3_000;
  private static final int NAMES = 5;

  @TempDir Path temporary;

  /** One change of a tree; what it throws is part of its outcome. */
  private interface Change {
    void apply(Path root) throws IOException;
  }

  @Test
  void theMountDoesWhatALocalFileSystemDoes() throws Exception {
    boolean possible =
        Files.exists(Path.of("/dev/fuse")) && System.getProperty("user.name").equals("root");
    if (!possible) {
      System.out.println("RandomTreeTest is skipped: it needs root and /dev/fuse");
    }
    assumeTrue(possible, "root and /dev/fuse");
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Path local = Files.createDirectory(temporary.resolve("local"));
    Path mounted = Files.createDirectory(temporary.resolve("mounted"));
    Vfs vfs = new Vfs(new FakeBackend(), temporary);
    try (KernelMount mount =
        KernelMount.start(mounted, FuseConfig.defaults(), vfs, new SimpleMeterRegistry())) {
      Random random = new Random(seed);
      for (int step = 0; step < STEPS; step++) {
        Change change = change(random);
        assertThat(outcome(change, mount.path()))
            .as("step %d seed %d", step, seed)
            .isEqualTo(outcome(change, local));
        if (step % 50 == 0) {
          assertThat(tree(mount.path())).as("step %d seed %d", step, seed).isEqualTo(tree(local));
        }
      }
      assertThat(tree(mount.path())).as("seed %d", seed).isEqualTo(tree(local));
    }
    assertThat(vfs.openHandles()).isZero();
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder();
    for (int depth = random.nextInt(3); depth >= 0; depth--) {
      path.append((char) ('a' + random.nextInt(NAMES))).append(depth == 0 ? "" : "/");
    }
    return path.toString();
  }

  private static Change change(Random random) {
    String one = path(random);
    String two = path(random);
    byte[] data = new byte[random.nextInt(20_000)];
    random.nextBytes(data);
    return switch (random.nextInt(11)) {
      case 0, 1 -> root -> Files.createDirectory(root.resolve(one));
      case 2, 3 -> root -> Files.write(root.resolve(one), data);
      case 4 ->
          root ->
              Files.write(
                  root.resolve(one), data, StandardOpenOption.APPEND, StandardOpenOption.CREATE);
      case 5 ->
          root ->
              Files.write(
                  root.resolve(one), data, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      case 6, 7 ->
          root -> Files.move(root.resolve(one), root.resolve(two), StandardCopyOption.ATOMIC_MOVE);
      case 8 -> root -> Files.delete(root.resolve(one));
      case 9 -> root -> Files.createLink(root.resolve(one), root.resolve(two));
      default -> root -> Files.createSymbolicLink(root.resolve(one), Path.of(two));
    };
  }

  private static String outcome(Change change, Path root) {
    try {
      change.apply(root);
      return "done";
    } catch (AtomicMoveNotSupportedException e) {
      return "AtomicMoveNotSupported";
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage()).replace(root.toString(), "");
      return e.getClass().getSimpleName() + " " + message;
    }
  }

  private static Map<String, String> tree(Path root) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        tree.put(root.relativize(path).toString(), describe(path));
      }
    }
    return tree;
  }

  private static String describe(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link " + Files.readSymbolicLink(path);
    }
    String mode =
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    if (Files.isDirectory(path)) {
      return "directory " + mode;
    }
    return "file "
        + mode
        + " links "
        + Files.getAttribute(path, "unix:nlink")
        + " content "
        + java.util.Arrays.hashCode(Files.readAllBytes(path))
        + " of "
        + Files.size(path);
  }
}
