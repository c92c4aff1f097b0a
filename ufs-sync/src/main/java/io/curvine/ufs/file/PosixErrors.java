/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.file;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/** Gives the failures of a local or network file system their codes. Pure. */
final class PosixErrors {
  private PosixErrors() {}

  /** What failed, as a failure of the UFS at that path. */
  static CurvineException of(Path path, IOException failure) {
    if (failure instanceof CurvineException known) {
      return known;
    }
    return new CurvineException(code(failure), path + ": " + reason(failure), failure);
  }

  private static ErrorCode code(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return ErrorCode.UFS_DENIED;
    }
    if (failure instanceof NoSuchFileException) {
      return ErrorCode.NOT_FOUND;
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return ErrorCode.NOT_EMPTY;
    }
    // The JDK gives other errnos by strerror's text alone.
    return switch (reason(failure)) {
      case "Operation not permitted", "Read-only file system" -> ErrorCode.UFS_DENIED;
      case "Stale file handle",
          "Transport endpoint is not connected",
          "Connection timed out",
          "Host is down",
          "No route to host" ->
          ErrorCode.UFS_UNREACHABLE;
      case "Is a directory" -> ErrorCode.IS_A_DIRECTORY;
      case "Not a directory" -> ErrorCode.NOT_A_DIRECTORY;
      case "Directory not empty" -> ErrorCode.NOT_EMPTY;
      case "File name too long" -> ErrorCode.NAME_TOO_LONG;
      case "Invalid or incomplete multibyte or wide character" -> ErrorCode.INVALID_ARGUMENT;
      default -> ErrorCode.UFS_ERROR;
    };
  }

  private static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return "directory is not empty";
    }
    if (failure instanceof FileSystemException named && named.getReason() != null) {
      return named.getReason();
    }
    return Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getSimpleName());
  }
}
