/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import io.curvine.ufs.TemporaryNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A directory whose files are replaced by renames from outside of it. Thread-safe for keys apart.
 */
public final class DirectoryStore implements UfsStore {
  private final Path root;
  private final Path outside;

  /**
   * Directories of one file system.
   *
   * @param root what is mounted
   * @param outside where files are written before they get their names
   */
  public DirectoryStore(Path root, Path outside) {
    this.root = root;
    this.outside = outside;
  }

  private static void move(Path from, Path to) throws IOException {
    var unused = Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private Path written(String key, byte[] content) throws IOException {
    return Files.write(outside.resolve(key.replace('/', '-')), content);
  }

  @Override
  public void put(String key, byte[] content) throws IOException {
    Path at = root.resolve(key);
    var unused = Files.createDirectories(at.getParent());
    move(written(key, content), at);
  }

  @Override
  public void putAlike(String key, byte[] content) throws IOException {
    Path at = root.resolve(key);
    FileTime time = Files.getLastModifiedTime(at);
    Path written = written(key, content);
    var unused = Files.setLastModifiedTime(written, time);
    move(written, at);
  }

  @Override
  public void delete(String key) throws IOException {
    Files.delete(root.resolve(key));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    move(root.resolve(from), root.resolve(to));
  }

  @Override
  public Map<String, byte[]> all() throws IOException {
    Map<String, byte[]> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(DirectoryStore::counts).toList()) {
        all.put(root.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return all;
  }

  /** Not what a worker was writing when it was killed. */
  private static boolean counts(Path file) {
    return Files.isRegularFile(file) && !TemporaryNames.isTemporary(file.getFileName().toString());
  }
}
