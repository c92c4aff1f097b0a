/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import io.curvine.cli.CliException;
import io.curvine.protocol.io.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;

/** The directory that holds all of a local cluster, held by one process at a time. */
final class DataDirectory implements AutoCloseable {
  private static final String LOCK = "local.lock";
  private static final String SET_UP = "set-up";
  private static final String BASE_PORT = "base-port";
  private static final int BASE_PORT_DEFAULT = 8995;

  private final Path path;
  private final FileChannel channel;

  private DataDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Opens it, making it where it is missing.
   *
   * @throws CliException where another process holds it, or it holds something else
   */
  static DataDirectory open(Path path) throws IOException {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new CliException("--data-dir " + path + " is not a directory");
    }
    if (Files.isDirectory(path) && !Files.exists(path.resolve(LOCK))) {
      try (Stream<Path> children = Files.list(path)) {
        if (children.findAny().isPresent()) {
          throw new CliException(
              "--data-dir "
                  + path
                  + " holds something else; allowed: a new or empty directory, or"
                  + " one of a local cluster");
        }
      }
    }
    Files.createDirectories(path.resolve("logs"));
    FileChannel channel =
        FileChannel.open(
            path.resolve(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    if (!lock(channel)) {
      String holder = Files.readString(path.resolve(LOCK)).trim();
      channel.close();
      throw new CliException(
          "a local cluster runs on "
              + path
              + " already"
              + (holder.isEmpty() ? "" : " (process " + holder + ")"));
    }
    byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
    channel.truncate(0).write(ByteBuffer.wrap(pid), 0);
    return new DataDirectory(path, channel);
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false; // by this process
    }
  }

  /** The first start has got as far as its UFS. */
  boolean isSetUp() {
    return Files.exists(path.resolve(SET_UP));
  }

  void markSetUp() throws IOException {
    write(SET_UP, "A UFS was mounted at / here.\n");
  }

  /**
   * The ports are part of what masters keep, so a data directory has one base port for ever.
   *
   * @param asked empty: that of the directory, else the default
   * @throws CliException where another is asked than it was made with
   */
  int basePort(Optional<Integer> asked) throws IOException {
    Path file = path.resolve(BASE_PORT);
    if (!Files.exists(file)) {
      return asked.orElse(BASE_PORT_DEFAULT);
    }
    int made = Integer.parseInt(Files.readString(file).trim());
    if (asked.isPresent() && asked.get() != made) {
      throw new CliException(
          path
              + " was made with --base-port "
              + made
              + ", not "
              + asked.get()
              + "; allowed: that one, or another --data-dir");
    }
    return made;
  }

  void markBasePort(int basePort) throws IOException {
    write(BASE_PORT, basePort + "\n");
  }

  private void write(String name, String text) throws IOException {
    DurableFile.write(path.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
