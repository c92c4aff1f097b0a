/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/**
 * Real files of this machine as a UFS directory: documentation, locales, icons, a JDK, and some
 * large ones.
 */
public final class Corpus {
  private static final Path[] SOURCES = {
    Path.of(System.getProperty("java.home")),
    Path.of("/usr/share"),
    Path.of("/usr/lib"),
    Path.of("/etc")
  };
  private static final long LARGE_FILE_BYTES = 300L << 20;

  private final Path root;
  private final long minFiles;
  private final long minBytes;
  private long files;
  private long bytes;

  private Corpus(Path root, long minFiles, long minBytes) {
    this.root = root;
    this.minFiles = minFiles;
    this.minBytes = minBytes;
  }

  /**
   * Copies real files until there are that many; then adds large files until there are that many
   * bytes.
   */
  public static void fill(Path root, long minFiles, long minBytes) throws IOException {
    Corpus corpus = new Corpus(root, minFiles, minBytes);
    for (int i = 0; i < SOURCES.length; i++) {
      corpus.copyTree(SOURCES[i], root.resolve("tree" + i));
    }
    if (corpus.files < minFiles) {
      throw new IOException(
          "this machine has only " + corpus.files + " readable files of " + minFiles);
    }
    corpus.addLargeFiles();
  }

  private void copyTree(Path source, Path target) throws IOException {
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(target.resolve(source.relativize(directory).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (files >= minFiles) {
              return FileVisitResult.TERMINATE;
            }
            if (attributes.isRegularFile() && Files.isReadable(file)) {
              Files.copy(file, target.resolve(source.relativize(file).toString()));
              files++;
              bytes += attributes.size();
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException cause) {
            return FileVisitResult.CONTINUE; // not readable by this user: not part of the corpus
          }
        });
  }

  private void addLargeFiles() throws IOException {
    Random random = new Random(2);
    byte[] chunk = new byte[1 << 20];
    for (int i = 0; bytes < minBytes; i++) {
      long length = LARGE_FILE_BYTES + random.nextInt(4096);
      try (OutputStream out =
          Files.newOutputStream(
              Files.createDirectories(root.resolve("large")).resolve("file" + i))) {
        for (long written = 0; written < length; written += chunk.length) {
          random.nextBytes(chunk);
          out.write(chunk, 0, (int) Math.min(chunk.length, length - written));
        }
      }
      bytes += length;
    }
  }

  /** SHA-256 of every regular file below, by relative path; two threads. */
  public static Map<String, String> hashes(Path root) throws IOException {
    Map<String, String> hashes = new ConcurrentSkipListMap<>();
    try (Stream<Path> tree = Files.walk(root)) {
      tree.parallel()
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .forEach(file -> hashes.put(root.relativize(file).toString(), hash(file)));
    }
    return new TreeMap<>(hashes);
  }

  /** SHA-256 of one file. */
  public static String hash(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return hash(in);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  /** SHA-256 of what a stream gives. */
  public static String hash(InputStream in) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 20];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
