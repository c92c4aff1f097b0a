/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli;

import io.curvine.cli.config.ConfigException;
import io.curvine.master.members.RemovedException;
import io.curvine.protocol.CurvineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Says a failure in one line. Stateless. */
public final class Failures {
  private Failures() {}

  /** For standard error, without the name of the program. */
  public static String line(Throwable failure) {
    return sentence(unwrap(failure)).replaceAll("\\s*[\\r\\n]+\\s*", " | ");
  }

  /** What went wrong, out of what only carried it. */
  public static Throwable unwrap(Throwable failure) {
    Throwable current = failure;
    while (current.getCause() != null
        && (current instanceof CompletionException
            || current instanceof ExecutionException
            || current instanceof UncheckedIOException)) {
      current = current.getCause();
    }
    return current;
  }

  private static String sentence(Throwable failure) {
    if (failure instanceof CurvineException
        || failure instanceof CliException
        || failure instanceof ConfigException) {
      return failure.getMessage();
    }
    if (failure instanceof FileSystemException local) {
      return local.getFile() + ": " + reason(local);
    }
    if (failure.getMessage() == null || failure.getMessage().isBlank()) {
      return failure.toString();
    }
    boolean speaksForItself =
        failure.getClass() == IOException.class
            || failure instanceof RemovedException
            || failure instanceof IllegalArgumentException;
    return speaksForItself ? failure.getMessage() : failure.toString();
  }

  private static String reason(FileSystemException failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such local file or directory";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "the local file exists";
    }
    if (failure instanceof AccessDeniedException) {
      return "access to the local file is denied";
    }
    if (failure instanceof NotDirectoryException) {
      return "not a local directory";
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return "the local directory is not empty";
    }
    return failure.getReason() == null ? failure.getClass().getSimpleName() : failure.getReason();
  }
}
