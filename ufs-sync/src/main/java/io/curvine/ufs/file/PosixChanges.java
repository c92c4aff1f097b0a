/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.file;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.TemporaryNames;
import io.curvine.ufs.UfsExpected;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStatus.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes below one directory that are on disk, directory entries too, when a call returns. */
final class PosixChanges {
  private static final Logger LOG = LoggerFactory.getLogger(PosixChanges.class);
  private static final int COPY_BUFFER_BYTES = 256 << 10;

  private final Path root;

  PosixChanges(Path root) {
    this.root = root;
  }

  /** Makes a directory and those above it, below the root; the root must be there. */
  void makeDirectories(Path directory) throws IOException {
    Deque<Path> steps = new ArrayDeque<>();
    for (Path step = directory; !step.equals(root); step = step.getParent()) {
      steps.push(step);
    }
    for (Path step : steps) {
      Optional<UfsStatus> found = PosixStatus.readLink(step, "");
      if (found.isEmpty()) {
        makeDirectory(step);
      } else if (found.get().kind() != Kind.DIRECTORY) {
        throw notADirectory(step);
      }
    }
  }

  private void makeDirectory(Path step) throws IOException {
    try {
      Files.createDirectory(step);
      sync(step.getParent());
    } catch (FileAlreadyExistsException e) {
      // Another worker may have made it in this moment.
      if (PosixStatus.readLink(step, "")
          .map(found -> found.kind() != Kind.DIRECTORY)
          .orElse(true)) {
        throw notADirectory(step);
      }
    }
  }

  private static CurvineException notADirectory(Path step) {
    return new CurvineException(ErrorCode.NOT_A_DIRECTORY, step + ": is not a directory");
  }

  /**
   * Replaces a file by new content, keeping the permissions of the one before.
   *
   * @throws CurvineException UFS_CONFLICT where what is there may not be replaced
   */
  UfsStatus replace(Path at, long length, InputStream content, UfsExpected expected)
      throws IOException {
    requireFile(at, PosixStatus.readLink(at, ""), expected);
    Path temporary = temporaryBeside(at);
    try {
      try (FileChannel channel = FileChannel.open(temporary, CREATE_NEW, WRITE)) {
        copy(at, length, content, channel);
        keepPermissions(at, temporary);
        channel.force(true);
      }
      // Taken before the rename: afterwards the path may be another writer's file.
      UfsStatus written =
          PosixStatus.readLink(temporary, at.getFileName().toString())
              .orElseThrow(() -> new NoSuchFileException(temporary.toString()));
      putInPlace(temporary, at, expected);
      sync(at.getParent());
      return written;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** What is there, if anything, may be replaced by a file. */
  private static void requireFile(Path at, Optional<UfsStatus> found, UfsExpected expected)
      throws CurvineException {
    if (found.isPresent() && found.get().kind() == Kind.DIRECTORY) {
      throw new CurvineException(ErrorCode.IS_A_DIRECTORY, at + ": is a directory");
    }
    expected.require(at.toString(), found);
  }

  /**
   * Where nothing is to be there the file system sees to it in one step. Otherwise a change between
   * the look and the rename, two system calls, is overwritten.
   */
  private static void putInPlace(Path temporary, Path at, UfsExpected expected) throws IOException {
    Optional<UfsStatus> now = PosixStatus.readLink(at, "");
    requireFile(at, now, expected);
    if (expected.any() || now.isPresent() || !linked(temporary, at, expected)) {
      Files.move(temporary, at, ATOMIC_MOVE);
    }
  }

  /** Whether it has that name too now; false where the file system has no links. */
  private static boolean linked(Path temporary, Path at, UfsExpected expected) throws IOException {
    try {
      Files.createLink(at, temporary);
      return true;
    } catch (FileAlreadyExistsException e) {
      throw expected.conflict(at.toString(), "new");
    } catch (UnsupportedOperationException | FileSystemException e) {
      LOG.debug("{} has no hard links: {}", at.getParent(), e.toString());
      return false;
    }
  }

  private static void copy(Path at, long length, InputStream content, FileChannel channel)
      throws IOException {
    byte[] buffer = new byte[(int) Math.min(COPY_BUFFER_BYTES, Math.max(1, length))];
    long left = length;
    while (left > 0) {
      int count = content.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new CurvineException(
            ErrorCode.UFS_ERROR,
            at + ": content ended after " + (length - left) + " of " + length + " bytes");
      }
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
      while (bytes.hasRemaining()) {
        int written = channel.write(bytes);
        left -= written;
      }
    }
  }

  private static void keepPermissions(Path from, Path to) throws IOException {
    if (PosixStatus.readLink(from, "").map(s -> s.kind() == Kind.FILE).orElse(false)) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(from);
      Files.setPosixFilePermissions(to, permissions);
    }
  }

  /** Makes a link, in place of a file or link that is there. */
  void replaceByLink(Path at, Path target) throws IOException {
    Path temporary = temporaryBeside(at);
    try {
      Files.createSymbolicLink(temporary, target);
      Files.move(temporary, at, ATOMIC_MOVE);
      sync(at.getParent());
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Deletes a file, link or empty directory; what is not there is no failure. */
  void delete(Path at) throws IOException {
    try {
      try {
        Files.deleteIfExists(at);
      } catch (DirectoryNotEmptyException e) {
        deleteTemporaries(at);
        Files.deleteIfExists(at);
      }
      sync(at.getParent());
    } catch (NoSuchFileException e) {
      // Gone together with its directory: what was asked for.
    }
  }

  /** What writers that were killed left; nobody sees it, so it must not keep a directory alive. */
  private static void deleteTemporaries(Path directory) throws IOException {
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(
            directory, each -> TemporaryNames.isTemporary(each.getFileName().toString()))) {
      for (Path each : left) {
        Files.deleteIfExists(each);
      }
    }
  }

  void deleteTree(Path at) throws IOException {
    Optional<UfsStatus> found = PosixStatus.readLink(at, "");
    if (found.isPresent() && found.get().kind() == Kind.DIRECTORY) {
      FileTrees.delete(at);
      sync(at.getParent());
    } else {
      delete(at);
    }
  }

  void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  private static Path temporaryBeside(Path at) {
    return at.resolveSibling(TemporaryNames.next());
  }
}
