/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.types.intptr_t;

/**
 * A file system of its own, mounted for a test, so that the kernel itself says that it is full or
 * broken. Needs root. Closing it unmounts it.
 */
public final class RealDisk implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** _IOR('X', 125, uint32_t), of ext4 and others. */
  private static final long SHUTDOWN = 0x8004587DL;

  private static final int WITHOUT_FLUSHING_THE_LOG = 2;
  private static final Kernel KERNEL = LibraryLoader.create(Kernel.class).load("c");

  /** As jnr-ffi binds them; public because it generates an implementation elsewhere. */
  public interface Kernel {
    int open(String path, int flags);

    int ioctl(int descriptor, @intptr_t long request, Pointer argument);

    int close(int descriptor);
  }

  private final Path at;

  /** Null: it is in memory. */
  private final Path image;

  private RealDisk(Path at, Path image) {
    this.at = at;
    this.image = image;
  }

  /** Whether this process may mount file systems, loop devices included. */
  public static boolean possible(Path scratch) {
    Path image = scratch.resolve("probe.img");
    Path at = scratch.resolve("probe");
    try {
      make(at, image, 8);
      boolean mounted = run("mount", "-o", "loop", image.toString(), at.toString()).exitCode() == 0;
      if (mounted) {
        new RealDisk(at, image).close();
      }
      return mounted;
    } catch (AssertionError e) {
      return false; // no mkfs.ext4, or no mount
    }
  }

  /** A tmpfs of so many MiB. */
  public static RealDisk inMemory(Path at, int mebibytes) {
    try {
      Files.createDirectories(at);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", at.toString())
        .succeeded();
    return new RealDisk(at, null);
  }

  /** An ext4 in a file, which turns read-only when it meets an error. */
  public static RealDisk inFile(Path at, Path image, int mebibytes) {
    make(at, image, mebibytes);
    RealDisk disk = new RealDisk(at, image);
    disk.mount();
    return disk;
  }

  private static void make(Path at, Path image, int mebibytes) {
    try {
      Files.createDirectories(at);
      try (FileChannel file =
          FileChannel.open(image, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        file.truncate(0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("mkfs.ext4", "-q", "-F", "-e", "remount-ro", image.toString(), mebibytes + "m").succeeded();
  }

  private void mount() {
    run("mount", "-o", "loop", image.toString(), at.toString()).succeeded();
  }

  /** Where it is mounted. */
  public Path path() {
    return at;
  }

  /**
   * Makes the file system meet an error. {@code mount -o remount,ro} is no way: the kernel refuses
   * it while files are open for writing.
   */
  public void turnReadOnly() {
    String device = run("findmnt", "-n", "-o", "SOURCE", at.toString()).succeeded().strip();
    Path trigger =
        Path.of("/sys/fs/ext4", Path.of(device).getFileName().toString(), "trigger_fs_error");
    try {
      Files.writeString(trigger, "1");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on the kernel answers whatever is asked of it with EIO, reads from memory too. */
  public void die() {
    int descriptor = KERNEL.open(at.toString(), 0);
    Runtime runtime = Runtime.getRuntime(KERNEL);
    Pointer how = Memory.allocate(runtime, Integer.BYTES);
    how.putInt(0, WITHOUT_FLUSHING_THE_LOG);
    try {
      if (descriptor < 0 || KERNEL.ioctl(descriptor, SHUTDOWN, how) != 0) {
        throw new AssertionError("shutting down " + at + ": errno " + runtime.getLastError());
      }
    } finally {
      KERNEL.close(descriptor);
    }
  }

  /** Checks it and mounts it anew; nobody may use it meanwhile. */
  public void repair() {
    close();
    Outcome check = run("e2fsck", "-f", "-y", image.toString());
    if (check.exitCode() > 1) { // 1: errors were corrected
      throw new AssertionError(check.out() + check.err());
    }
    mount();
  }

  @Override
  public void close() {
    run("umount", at.toString()).succeeded();
  }

  private static Outcome run(String... command) {
    return Processes.run(Map.of(), PATIENCE, List.of(command));
  }
}
