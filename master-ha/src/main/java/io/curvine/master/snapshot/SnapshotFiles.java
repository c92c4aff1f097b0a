/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import io.curvine.journal.JournalFiles;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.SnapshotFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Handles the files of snapshots: digests, hard links, durability, removal. */
public final class SnapshotFiles {
  private static final int BUFFER_BYTES = 1 << 20;

  private SnapshotFiles() {}

  /** All regular files below, relative, in a fixed order. */
  public static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile).map(directory::relativize).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Digest of a file, which is durable when this returns. */
  public static SnapshotFile describe(Path root, Path relative) throws IOException {
    return describe(root, relative, new Throttle(0));
  }

  /** Digest of a file, which is durable when this returns; read at the throttle's pace. */
  public static SnapshotFile describe(Path root, Path relative, Throttle throttle)
      throws IOException {
    MessageDigest digest = sha256();
    long length = 0;
    try (FileChannel channel = FileChannel.open(root.resolve(relative), StandardOpenOption.READ)) {
      channel.force(true);
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      while (channel.read(buffer) >= 0) {
        buffer.flip();
        throttle.await(buffer.remaining());
        length += buffer.remaining();
        digest.update(buffer);
        buffer.clear();
      }
    }
    return file(relative, length, HexFormat.of().formatHex(digest.digest()));
  }

  static SnapshotFile file(Path relative, long length, String sha256) {
    return SnapshotFile.newBuilder()
        .setPath(relative.toString().replace('\\', '/'))
        .setLengthBytes(length)
        .setSha256(sha256)
        .build();
  }

  /** A file with this content, whatever it was before. */
  public static void writeDurably(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Makes names in a directory durable. */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Makes a directory with all directories below durable, names only. */
  public static void syncTree(Path directory) throws IOException {
    List<Path> directories = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(directory)) {
      walk.filter(Files::isDirectory).forEach(directories::add);
    }
    for (Path each : directories) {
      syncDirectory(each);
    }
  }

  /** Copies a database: table files, which never change, by hard links, the others as copies. */
  public static void linkDatabase(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path relative : list(from)) {
      Path source = from.resolve(relative);
      Path target = to.resolve(relative);
      Files.createDirectories(target.getParent());
      if (relative.toString().endsWith(".sst")) {
        JournalFiles.linkOrCopy(source, target);
      } else {
        Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
    syncTree(to);
  }
}
