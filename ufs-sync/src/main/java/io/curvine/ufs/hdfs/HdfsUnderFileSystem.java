/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

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
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.client.HdfsDataInputStream;
import org.apache.hadoop.hdfs.protocol.HdfsPathHandle;
import org.apache.hadoop.security.AccessControlException;

/**
 * A directory of HDFS as a store. A rename is atomic, and a file is replaced by one. Entries have a
 * mode; their owners are names, which are not shown. Symbolic links are left out. What is deleted
 * goes at once, not to a trash.
 *
 * <p>A missing location is UFS_UNREACHABLE, never an empty store, as with a POSIX directory.
 */
final class HdfsUnderFileSystem implements UnderFileSystem {
  /** A NameNode lists by signed bytes, a local file system as it likes. */
  private static final UfsCapabilities CAPABILITIES =
      new UfsCapabilities(true, false, true, false, false);

  private static final int BUFFER_BYTES = 64 << 10;

  private final HdfsPaths paths;
  private final HdfsConnection connection;
  private final SkippedNames skipped;

  HdfsUnderFileSystem(HdfsPaths paths, HdfsOptions options) {
    this.paths = paths;
    this.connection = new HdfsConnection(paths, options);
    this.skipped = new SkippedNames(paths.name(""));
  }

  /** A use of the client. */
  private interface Call<T> {
    T run(DistributedFileSystem client) throws IOException;
  }

  private <T> T call(String path, Call<T> call) throws CurvineException {
    try {
      return call.run(connection.client());
    } catch (IOException | IllegalArgumentException e) {
      // The client refuses names that HDFS cannot have, and hosts that it cannot find, as
      // arguments.
      throw HdfsErrors.of(paths.name(path), e);
    }
  }

  @Override
  public UfsCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public Optional<UfsStatus> status(String path) throws IOException {
    UfsPaths.check(path);
    Optional<UfsStatus> found = lookUp(path);
    if (found.isEmpty() || path.isEmpty()) {
      requireRoot(path.isEmpty() ? found : lookUp(""));
    }
    return found;
  }

  private Optional<UfsStatus> lookUp(String path) throws IOException {
    return call(
        path,
        client -> {
          try {
            return HdfsStatuses.of(UfsPaths.name(path), client.getFileLinkStatus(paths.path(path)));
          } catch (FileNotFoundException | ParentNotDirectoryException e) {
            return Optional.empty();
          }
        });
  }

  private void requireRoot(Optional<UfsStatus> found) throws CurvineException {
    if (found.isEmpty() || found.get().kind() != Kind.DIRECTORY) {
      throw new CurvineException(
          ErrorCode.UFS_UNREACHABLE,
          paths.name("")
              + (found.isEmpty()
                  ? ": the location does not exist"
                  : ": the location is not a directory"));
    }
  }

  @Override
  public void list(String directory, Consumer<UfsStatus> child) throws IOException {
    Optional<UfsStatus> found = status(directory);
    if (found.isEmpty() || found.get().kind() != Kind.DIRECTORY) {
      throw new CurvineException(
          ErrorCode.NOT_FOUND, paths.name(directory) + ": no such directory");
    }
    var unused =
        call(
            directory,
            client -> {
              RemoteIterator<FileStatus> children =
                  client.listStatusIterator(paths.path(directory));
              while (children.hasNext()) {
                give(directory, children.next(), child);
              }
              return true;
            });
  }

  private void give(String directory, FileStatus status, Consumer<UfsStatus> child) {
    String name = status.getPath().getName();
    if (!UfsPaths.nameable(name)) {
      skipped.skipped(directory, name, "names have at most 255 bytes");
    } else if (!TemporaryNames.isTemporary(name)) {
      HdfsStatuses.of(name, status).ifPresent(child);
    }
  }

  @Override
  public UfsStream open(String path, String version, long offset, long length) throws IOException {
    UfsPaths.checkBelow(path);
    if (offset < 0 || length < 0) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "range of "
              + paths.name(path)
              + " is "
              + offset
              + "+"
              + length
              + "; allowed: not negative");
    }
    HdfsPathHandle file =
        HdfsStatuses.version(version)
            .map(
                wanted ->
                    new HdfsPathHandle(
                        paths.path(path).toUri().getPath(),
                        Optional.of(wanted.fileId()),
                        Optional.of(wanted.mtimeMillis())))
            .orElseThrow(() -> changed(path, version, "another kind of version"));
    try {
      return call(
          path,
          client -> {
            // Finds the blocks and compares the version in one call.
            FSDataInputStream in = client.open(file, BUFFER_BYTES);
            try {
              long size = ((HdfsDataInputStream) in).getVisibleLength();
              if (length > size - offset) {
                throw changed(path, version, "of " + size + " bytes");
              }
              return new HdfsRangeStream(
                  paths.name(path), in, offset, length, () -> verify(path, version));
            } catch (IOException | RuntimeException e) {
              in.close();
              throw e;
            }
          });
    } catch (CurvineException e) {
      throw e.code() == ErrorCode.NOT_FOUND || e.getCause() instanceof ParentNotDirectoryException
          ? changed(path, version, "gone")
          : e;
    }
  }

  private void verify(String path, String version) throws IOException {
    String found = status(path).map(UfsStatus::version).orElse("gone");
    if (!found.equals(version)) {
      throw changed(path, version, found);
    }
  }

  private CurvineException changed(String path, String version, String now) {
    return new CurvineException(
        ErrorCode.UFS_CHANGED,
        paths.name(path) + ": asked for version " + version + ", now " + now);
  }

  @Override
  public UfsStatus write(String path, long length, InputStream content) throws IOException {
    return write(path, length, content, UfsExpected.ANY);
  }

  @Override
  public UfsStatus write(String path, long length, InputStream content, UfsExpected expected)
      throws IOException {
    changeable(path);
    return call(
        path,
        client ->
            new HdfsWriter(client)
                .replace(paths.path(path), UfsPaths.name(path), length, content, expected));
  }

  @Override
  public UfsStatus makeDirectory(String path) throws IOException {
    UfsPaths.check(path);
    if (!path.isEmpty()) {
      changeable(path);
      var unused = call(path, client -> client.mkdirs(paths.path(path)));
    }
    return status(path)
        .orElseThrow(
            () ->
                new CurvineException(
                    ErrorCode.UFS_CHANGED, paths.name(path) + ": went while it was made"));
  }

  @Override
  public UfsStatus makeSymlink(String path, String target) throws IOException {
    throw new CurvineException(
        ErrorCode.UNSUPPORTED, paths.name(path) + ": HDFS has no symbolic links");
  }

  @Override
  public void delete(String path, boolean tree) throws IOException {
    changeable(path);
    var unused =
        call(
            path,
            client -> {
              try {
                return client.delete(paths.path(path), tree);
              } catch (PathIsNotEmptyDirectoryException e) {
                deleteTemporaries(client, path);
                return client.delete(paths.path(path), false);
              } catch (ParentNotDirectoryException | AccessControlException e) {
                // A file among the parents is called a denial.
                if (lookUp(path).isPresent()) {
                  throw e;
                }
                return false;
              }
            });
  }

  /** What writers that were killed left; nobody sees it, so it must not keep a directory alive. */
  private void deleteTemporaries(DistributedFileSystem client, String directory)
      throws IOException {
    RemoteIterator<FileStatus> children = client.listStatusIterator(paths.path(directory));
    while (children.hasNext()) {
      Path child = children.next().getPath();
      if (TemporaryNames.isTemporary(child.getName())) {
        var unused = client.delete(child, false);
      }
    }
  }

  @Override
  public UfsStatus rename(String from, String to) throws IOException {
    changeable(from);
    changeable(to);
    if (to.startsWith(from + "/")) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT, paths.name(from) + " cannot be moved below itself");
    }
    UfsStatus source =
        status(from)
            .orElseThrow(
                () ->
                    new CurvineException(
                        ErrorCode.NOT_FOUND, paths.name(from) + ": no such file or directory"));
    if (from.equals(to)) {
      return source;
    }
    return call(
        to,
        client -> {
          requireReplaceable(client, source, to);
          if (!UfsPaths.parent(to).isEmpty()) {
            var unused = client.mkdirs(paths.path(UfsPaths.parent(to)));
          }
          client.rename(paths.path(from), paths.path(to), Options.Rename.OVERWRITE);
          return HdfsStatuses.of(UfsPaths.name(to), client.getFileLinkStatus(paths.path(to)))
              .orElseThrow(() -> new FileNotFoundException(to));
        });
  }

  private void requireReplaceable(DistributedFileSystem client, UfsStatus source, String to)
      throws IOException {
    Optional<UfsStatus> found = lookUp(to);
    if (found.isEmpty()) {
      return;
    }
    boolean directory = found.get().kind() == Kind.DIRECTORY;
    if (directory != (source.kind() == Kind.DIRECTORY)) {
      throw new CurvineException(
          directory ? ErrorCode.IS_A_DIRECTORY : ErrorCode.NOT_A_DIRECTORY,
          paths.name(to) + (directory ? ": is a directory" : ": is not a directory"));
    }
    if (directory && holdsAny(client, to)) {
      throw new CurvineException(ErrorCode.NOT_EMPTY, paths.name(to) + ": directory is not empty");
    }
  }

  /** What writers that were killed left does not count, and goes. */
  private boolean holdsAny(DistributedFileSystem client, String directory) throws IOException {
    RemoteIterator<FileStatus> children = client.listStatusIterator(paths.path(directory));
    while (children.hasNext()) {
      if (!TemporaryNames.isTemporary(children.next().getPath().getName())) {
        return true;
      }
    }
    deleteTemporaries(client, directory);
    return false;
  }

  /** A path below the location, which is there. */
  private void changeable(String path) throws IOException {
    UfsPaths.checkBelow(path);
    TemporaryNames.refuse(path);
    requireRoot(lookUp(""));
  }

  @Override
  public void close() {
    connection.close();
  }
}
