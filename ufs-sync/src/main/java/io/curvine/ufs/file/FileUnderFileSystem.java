/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.file;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.READ;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.SkippedNames;
import io.curvine.ufs.TemporaryNames;
import io.curvine.ufs.UfsCapabilities;
import io.curvine.ufs.UfsExpected;
import io.curvine.ufs.UfsPaths;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStatus.Kind;
import io.curvine.ufs.UfsStream;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A POSIX directory as a store. Replacing is by a temporary file beside the target, fsync and
 * rename(2); every change is fsynced, with its directory, before the call returns. Symbolic links
 * are entries and are never followed, save where the location itself is one.
 *
 * <p>A missing location is UFS_UNREACHABLE, never an empty store, so that a file system that is not
 * mounted does not look like one whose files were deleted. Two changes of one file within one tick
 * of the kernel's clock (at most 4 ms on common kernels) that leave its length alone have one
 * version.
 */
final class FileUnderFileSystem implements UnderFileSystem {
  private static final UfsCapabilities CAPABILITIES =
      new UfsCapabilities(true, true, true, false, false);

  private final Path root;
  private final PosixChanges changes;
  private final SkippedNames skipped;

  FileUnderFileSystem(Path root) {
    this.root = root;
    this.changes = new PosixChanges(root);
    this.skipped = new SkippedNames(root.toString());
  }

  @Override
  public UfsCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public Optional<UfsStatus> status(String path) throws IOException {
    Path at = resolve(path);
    try {
      Optional<UfsStatus> found =
          path.isEmpty()
              ? PosixStatus.read(root, "")
              : parentsAreDirectories(at)
                  ? PosixStatus.readLink(at, UfsPaths.name(path))
                  : Optional.empty();
      if (found.isEmpty() || path.isEmpty()) {
        requireRoot();
      }
      return found;
    } catch (IOException e) {
      throw PosixErrors.of(at, e);
    }
  }

  @Override
  public void list(String directory, Consumer<UfsStatus> child) throws IOException {
    Path at = requireDirectory(directory);
    try (DirectoryStream<Path> children = Files.newDirectoryStream(at)) {
      for (Path each : children) {
        String name = each.getFileName().toString();
        if (!PosixNames.nameable(each)) {
          skipped.skipped(directory, name, "names are UTF-8 of at most 255 bytes");
        } else if (!TemporaryNames.isTemporary(name)) {
          PosixStatus.readLink(each, name).ifPresent(child);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw PosixErrors.of(at, e.getCause());
    } catch (IOException e) {
      throw PosixErrors.of(at, e);
    }
  }

  @Override
  public UfsStream open(String path, String version, long offset, long length) throws IOException {
    UfsPaths.checkBelow(path);
    if (offset < 0 || length < 0) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "range of " + path + " is " + offset + "+" + length + "; allowed: not negative");
    }
    Path at = resolve(path);
    PosixRangeStream.VersionCheck check = () -> verify(path, at, version);
    long size = verify(path, at, version);
    if (length > size - offset) {
      throw new CurvineException(
          ErrorCode.UFS_CHANGED,
          at + ": has " + size + " bytes, asked for " + offset + "+" + length);
    }
    try {
      FileChannel channel = FileChannel.open(at, READ, NOFOLLOW_LINKS);
      try {
        // The same inode before and after the open(2) is the one that was opened.
        check.verify();
        return new PosixRangeStream(at, channel, offset, length, check);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw PosixErrors.of(at, e);
    }
  }

  /** The length of the file, which has that version now. */
  private long verify(String path, Path at, String version) throws IOException {
    Optional<UfsStatus> now = status(path);
    String found = now.map(UfsStatus::version).orElse("gone");
    if (!found.equals(version)) {
      throw new CurvineException(
          ErrorCode.UFS_CHANGED, at + ": asked for version " + version + ", now " + found);
    }
    return now.map(UfsStatus::lengthBytes).orElse(0L);
  }

  @Override
  public UfsStatus write(String path, long length, InputStream content) throws IOException {
    return write(path, length, content, UfsExpected.ANY);
  }

  @Override
  public UfsStatus write(String path, long length, InputStream content, UfsExpected expected)
      throws IOException {
    Path at = changeable(path);
    try {
      changes.makeDirectories(at.getParent());
      return changes.replace(at, length, content, expected);
    } catch (IOException e) {
      throw PosixErrors.of(at, e);
    }
  }

  @Override
  public UfsStatus makeDirectory(String path) throws IOException {
    UfsPaths.check(path);
    requireRoot();
    if (path.isEmpty()) {
      return required(path);
    }
    Path at = changeable(path);
    try {
      changes.makeDirectories(at);
      return required(path);
    } catch (IOException e) {
      throw PosixErrors.of(at, e);
    }
  }

  @Override
  public UfsStatus makeSymlink(String path, String target) throws IOException {
    Path at = changeable(path);
    Path points = PosixNames.path(target);
    try {
      changes.makeDirectories(at.getParent());
      changes.replaceByLink(at, points);
      return required(path);
    } catch (IOException e) {
      throw PosixErrors.of(at, e);
    }
  }

  @Override
  public void delete(String path, boolean tree) throws IOException {
    Path at = changeable(path);
    try {
      if (!parentsAreDirectories(at)) {
        return;
      }
      if (tree) {
        changes.deleteTree(at);
      } else {
        changes.delete(at);
      }
    } catch (IOException e) {
      throw PosixErrors.of(at, e);
    }
  }

  @Override
  public UfsStatus rename(String from, String to) throws IOException {
    Path source = changeable(from);
    Path target = changeable(to);
    if (to.startsWith(from + "/")) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT, source + " cannot be moved below itself");
    }
    try {
      if (!parentsAreDirectories(source)) {
        throw new NoSuchFileException(source.toString());
      }
      changes.makeDirectories(target.getParent());
      Files.move(source, target, ATOMIC_MOVE);
      changes.sync(target.getParent());
      changes.sync(source.getParent());
      return required(to);
    } catch (NoSuchFileException e) {
      throw PosixErrors.of(source, e);
    } catch (IOException e) {
      throw PosixErrors.of(target, e);
    }
  }

  @Override
  public void close() {
    // It holds nothing open between calls.
  }

  private UfsStatus required(String path) throws IOException {
    return status(path)
        .orElseThrow(
            () ->
                new CurvineException(
                    ErrorCode.UFS_CHANGED, root.resolve(path) + ": went while it was made"));
  }

  private Path resolve(String path) throws CurvineException {
    UfsPaths.check(path);
    return root.resolve(PosixNames.path(path));
  }

  /** A path below the location, which is there. */
  private Path changeable(String path) throws IOException {
    UfsPaths.checkBelow(path);
    TemporaryNames.refuse(path);
    requireRoot();
    return resolve(path);
  }

  private Path requireDirectory(String directory) throws IOException {
    Path at = resolve(directory);
    if (directory.isEmpty()) {
      requireRoot();
      return at;
    }
    Optional<UfsStatus> found = status(directory);
    if (found.isEmpty() || found.get().kind() != Kind.DIRECTORY) {
      throw new CurvineException(ErrorCode.NOT_FOUND, at + ": no such directory");
    }
    return at;
  }

  private void requireRoot() throws IOException {
    Optional<UfsStatus> found;
    try {
      found = PosixStatus.read(root, "");
    } catch (IOException e) {
      throw PosixErrors.of(root, e);
    }
    if (found.isEmpty() || found.get().kind() != Kind.DIRECTORY) {
      throw new CurvineException(
          ErrorCode.UFS_UNREACHABLE,
          root
              + (found.isEmpty()
                  ? ": the location does not exist; is its file system mounted on this machine?"
                  : ": the location is not a directory"));
    }
  }

  /** Whether every component above leads down without a symbolic link. */
  private boolean parentsAreDirectories(Path at) throws IOException {
    Path below = root.relativize(at);
    Path step = root;
    for (int i = 0; i < below.getNameCount() - 1; i++) {
      step = step.resolve(below.getName(i));
      Optional<UfsStatus> found = PosixStatus.readLink(step, "");
      if (found.isEmpty() || found.get().kind() != Kind.DIRECTORY) {
        return false;
      }
    }
    return true;
  }
}
