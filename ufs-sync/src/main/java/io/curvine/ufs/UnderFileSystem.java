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
 * <p>Failures are {@link CurvineException}s: UFS_UNREACHABLE, UFS_DENIED, UFS_CHANGED, NOT_FOUND,
 * UNSUPPORTED, else UFS_ERROR, with a message that names the object.
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
   */
  UfsStatus write(String path, long length, InputStream content) throws IOException;

  /** Makes a directory and its parents; one that exists is no failure. */
  UfsStatus makeDirectory(String path) throws IOException;

  /** Makes a symbolic link. Only where {@link UfsCapabilities#symlinks()}. */
  UfsStatus makeSymlink(String path, String target) throws IOException;

  /**
   * Deletes an object, an empty directory or, with {@code tree}, all below. What is not there is no
   * failure.
   */
  void delete(String path, boolean tree) throws IOException;

  /**
   * Moves an object or a directory with all below, replacing an object at the target. Atomic only
   * where {@link UfsCapabilities#atomicRename()}; elsewhere it can be repeated after a failure
   * until it succeeds.
   */
  UfsStatus rename(String from, String to) throws IOException;

  @Override
  void close();
}
