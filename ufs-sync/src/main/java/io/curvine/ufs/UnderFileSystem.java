/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One mounted location of an under file store. Paths are relative to that location, '/'-separated,
 * without a leading slash; the empty path is the location itself. Thread-safe; every call may block
 * for as long as the configured timeouts allow.
 *
 * <p>Failures are {@link CurvineException}s with a message that names the object. Of any call may
 * come UFS_UNREACHABLE, UFS_DENIED and UFS_ERROR, which may pass by themselves, INVALID_ARGUMENT
 * for a name that the store cannot have, and NAME_TOO_LONG. The methods say what else they refuse
 * because of what is there: that is so until somebody changes it.
 */
public interface UnderFileSystem extends AutoCloseable {
  /** What this store can do. */
  UfsCapabilities capabilities();

  /**
   * The object or directory as it is now; empty where there is none. Symbolic links are not
   * followed.
   */
  Optional<UfsStatus> status(String path) throws IOException;

  /**
   * Gives the direct children of a directory, each once, page by page as the store lists them: in
   * memory is no more than a page or two. In no particular order but where the store is {@link
   * UfsCapabilities#ordered()}. An exception of {@code child} ends the listing and comes out of it.
   *
   * @throws CurvineException NOT_FOUND where there is no such directory
   */
  void list(String directory, Consumer<UfsStatus> child) throws IOException;

  /**
   * The next objects of all the location, whatever directories they are in, by one call.
   * Directories are not given but where an object marks one. Only where {@link
   * UfsCapabilities#trees()}.
   *
   * @param after a {@link UfsTreePage.Item#key key}; those that come after it are given, from the
   *     first where it is empty
   * @throws CurvineException UNSUPPORTED also where the server does not list by key
   */
  default UfsTreePage tree(String after) throws IOException {
    throw new CurvineException(ErrorCode.UNSUPPORTED, "this store lists no trees");
  }

  /**
   * Reads {@code length} bytes from {@code offset} of the object, if it still has that version.
   *
   * @return a stream of exactly {@code length} bytes; a short object is UFS_CHANGED, not a short
   *     stream
   * @throws CurvineException UFS_CHANGED at the call or from the stream where the version is
   *     another; no byte that was given before an UFS_CHANGED may be used
   */
  UfsStream open(String path, String version, long offset, long length) throws IOException;

  /**
   * Replaces (or makes) an object, atomically where the store can: a reader sees the old content or
   * the new one. Missing parent directories are made. On failure the old object stays.
   *
   * @param content gives exactly {@code length} bytes
   * @throws CurvineException IS_A_DIRECTORY where a directory is at the path, NOT_A_DIRECTORY where
   *     something above it is none (in a store without directories: where an object is directly
   *     above)
   */
  UfsStatus write(String path, long length, InputStream content) throws IOException;

  /**
   * The same if what is there may be replaced. It is looked at before any content is read, and
   * again at the replacement itself: by the store, in one step, where it can; otherwise by a look
   * just before.
   *
   * @throws CurvineException as {@link #write(String, long, InputStream)}, and UFS_CONFLICT where
   *     another object is there, which stays
   */
  default UfsStatus write(String path, long length, InputStream content, UfsExpected expected)
      throws IOException {
    expected.require(path, status(path));
    return write(path, length, content);
  }

  /**
   * Makes a directory and its parents; one that exists is no failure.
   *
   * @throws CurvineException NOT_A_DIRECTORY where it or something above it is something else (in a
   *     store without directories: where an object is there or directly above)
   */
  UfsStatus makeDirectory(String path) throws IOException;

  /**
   * Makes a symbolic link, in place of a file or a link. Only where {@link
   * UfsCapabilities#symlinks()}.
   *
   * @throws CurvineException UNSUPPORTED elsewhere; IS_A_DIRECTORY and NOT_A_DIRECTORY as {@link
   *     #write(String, long, InputStream)}
   */
  UfsStatus makeSymlink(String path, String target) throws IOException;

  /**
   * Deletes an object, an empty directory or, with {@code tree}, all below. What is not there is no
   * failure.
   *
   * @throws CurvineException NOT_EMPTY where a directory is not, without {@code tree}
   */
  void delete(String path, boolean tree) throws IOException;

  /**
   * Deletes a file if it may be. It is looked at just before.
   *
   * @throws CurvineException UFS_CONFLICT where another object is there, which stays
   */
  default void delete(String path, UfsExpected expected) throws IOException {
    expected.require(path, status(path));
    delete(path, false);
  }

  /**
   * Moves an object or a directory with all below, replacing an object at the target. Atomic only
   * where {@link UfsCapabilities#atomicRename()}; elsewhere it can be repeated after a failure
   * until it succeeds.
   *
   * @throws CurvineException NOT_FOUND where there is no source; IS_A_DIRECTORY where an object
   *     would replace a directory; NOT_A_DIRECTORY where a directory would replace an object, or
   *     something above the target is none; NOT_EMPTY where a directory would replace one that is
   *     not, where the rename is atomic; INVALID_ARGUMENT for a target below the source
   */
  UfsStatus rename(String from, String to) throws IOException;

  @Override
  void close();
}
