/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Names of a journal's files, and the few things done with whole files. A segment is named by its
 * first offset: {@code .log} holds its batches, {@code .chain} the chain's hash before it, {@code
 * .index} is written when it is closed.
 */
public final class JournalFiles {
  /** Batches. */
  public static final String LOG = ".log";

  /** Where to look in a closed segment. */
  public static final String INDEX = ".index";

  /** The chain's hash before a segment, 64 hexadecimal digits and a line end. */
  public static final String CHAIN = ".chain";

  /** Of a file that is being written, behind its name. */
  public static final String TEMPORARY = ".tmp";

  /** Of a segment's name, which is its first offset. */
  public static final int NAME_DIGITS = 20;

  private JournalFiles() {}

  /** A file of the segment that begins at an offset. */
  public static Path path(Path dir, long baseOffset, String suffix) {
    return dir.resolve(String.format(Locale.ROOT, "%020d%s", baseOffset, suffix));
  }

  /** First offsets of the segments in {@code dir}, ascending. */
  public static List<Long> baseOffsets(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(LOG) && name.length() == NAME_DIGITS + LOG.length())
          .map(name -> Long.parseLong(name.substring(0, NAME_DIGITS)))
          .sorted()
          .toList();
    }
  }

  /**
   * Removes what a stop in the middle of a change left: temporary files, and files beside no log.
   */
  static void removeLeftovers(Path dir) throws IOException {
    List<Path> leftovers = new ArrayList<>();
    try (Stream<Path> files = Files.list(dir)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        boolean beside = name.endsWith(INDEX) || name.endsWith(CHAIN);
        if (name.endsWith(TEMPORARY)
            || (beside
                && !Files.exists(dir.resolve(name.substring(0, name.lastIndexOf('.')) + LOG)))) {
          leftovers.add(file);
        }
      }
    }
    for (Path file : leftovers) {
      Files.delete(file);
    }
  }

  /** The log goes first, so that what is left beside it is a leftover. */
  static void deleteSegment(Path dir, long baseOffset) throws IOException {
    for (String suffix : List.of(LOG, INDEX, CHAIN)) {
      Files.deleteIfExists(path(dir, baseOffset, suffix));
    }
  }

  static void writeChain(Path dir, long baseOffset, ChainHash chain) throws IOException {
    Path file = path(dir, baseOffset, CHAIN);
    Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY);
    Files.writeString(temporary, chain + "\n", US_ASCII);
    syncFile(temporary);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * The first link where the file is missing: a segment that holds batches has the hash in them.
   */
  public static ChainHash readChain(Path dir, long baseOffset) throws IOException {
    Path file = path(dir, baseOffset, CHAIN);
    return Files.exists(file)
        ? ChainHash.parse(Files.readString(file, US_ASCII).trim())
        : ChainHash.EMPTY;
  }

  /** A hard link, or a copy where the file system has none or the target is on another one. */
  public static void linkOrCopy(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (UnsupportedOperationException | FileSystemException e) {
      if (Files.exists(to)) {
        throw e;
      }
      copy(from, to);
    }
  }

  /**
   * A segment once more by links, in another directory: it stays when retention takes the first.
   */
  public static void linkSegment(Path from, Path to, long baseOffset) throws IOException {
    for (String suffix : List.of(CHAIN, LOG)) {
      Path source = path(from, baseOffset, suffix);
      if (suffix.equals(LOG) || Files.exists(source)) {
        linkOrCopy(source, path(to, baseOffset, suffix));
      }
    }
  }

  /** A copy that is on the disk when this returns. */
  static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to);
    syncFile(to);
  }

  /** A copy of a file's beginning that is on the disk when this returns. */
  static void copy(Path from, Path to, long maxBytes) throws IOException {
    try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel target =
            FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long end = Math.min(maxBytes, source.size());
      for (long position = 0; position < end; ) {
        position += source.transferTo(position, end - position, target);
      }
      target.force(true);
    }
  }

  static void syncFile(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Makes names that were made or removed in {@code dir} durable. */
  static void syncDirectory(Path dir) throws IOException {
    try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
