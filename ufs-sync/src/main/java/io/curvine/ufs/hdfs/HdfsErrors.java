/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.ipc.RemoteException;

/**
 * Gives the failures of Hadoop's client their codes. Pure.
 *
 * <p>It goes by the names of classes: what a namenode throws comes as a name, and of some of these
 * the client has no class.
 */
final class HdfsErrors {
  private static final int CAUSES_MAX = 10;

  private HdfsErrors() {}

  /** What failed, as a failure of the UFS at {@code what}, an hdfs:// name. */
  static CurvineException of(String what, Exception failure) {
    if (failure instanceof CurvineException known) {
      return known;
    }
    Throwable cause = failure;
    for (int i = 0; i < CAUSES_MAX && cause != null; i++) {
      Optional<ErrorCode> code = code(className(cause));
      if (code.isPresent()) {
        ErrorCode known = withoutAnswer(code.get(), cause) ? ErrorCode.UFS_UNREACHABLE : code.get();
        return new CurvineException(known, what + ": " + reason(cause), failure);
      }
      cause = cause.getCause();
    }
    return new CurvineException(byMessage(failure), what + ": " + reason(failure), failure);
  }

  /** A login that fails because no KDC answers is no refusal: nobody has to do anything. */
  private static boolean withoutAnswer(ErrorCode code, Throwable failure) {
    Throwable cause = failure.getCause();
    for (int i = 0; i < CAUSES_MAX && cause != null && code == ErrorCode.UFS_DENIED; i++) {
      if (code(className(cause)).equals(Optional.of(ErrorCode.UFS_UNREACHABLE))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** Some refusals have no class of their own. */
  private static ErrorCode byMessage(Exception failure) {
    String reason = reason(failure);
    if (reason.contains("Pathname too long")) {
      return ErrorCode.NAME_TOO_LONG;
    }
    if (reason.contains("Path is not a directory")) {
      return ErrorCode.NOT_A_DIRECTORY;
    }
    return reason.contains("is not a valid DFS filename")
        ? ErrorCode.INVALID_ARGUMENT
        : ErrorCode.UFS_ERROR;
  }

  private static Optional<ErrorCode> code(String className) {
    return switch (className) {
      case "AccessControlException",
          "AuthorizationException",
          "SnapshotAccessControlException",
          "SaslException",
          "KerberosAuthException",
          "LoginException",
          "KrbException",
          "InvalidToken" ->
          Optional.of(ErrorCode.UFS_DENIED);
      case "FileNotFoundException" -> Optional.of(ErrorCode.NOT_FOUND);
      case "ParentNotDirectoryException" -> Optional.of(ErrorCode.NOT_A_DIRECTORY);
      case "PathIsNotEmptyDirectoryException" -> Optional.of(ErrorCode.NOT_EMPTY);
      case "PathComponentTooLongException" -> Optional.of(ErrorCode.NAME_TOO_LONG);
      case "InvalidPathException", "InvalidPathNameException" ->
          Optional.of(ErrorCode.INVALID_ARGUMENT);
      case "InvalidPathHandleException" -> Optional.of(ErrorCode.UFS_CHANGED);
      case "SafeModeException",
          "StandbyException",
          "RetriableException",
          "BlockMissingException",
          "ConnectException",
          "ConnectTimeoutException",
          "SocketTimeoutException",
          "SocketException",
          "NoRouteToHostException",
          "PortUnreachableException",
          "UnknownHostException",
          "ClosedChannelException",
          "EOFException" ->
          Optional.of(ErrorCode.UFS_UNREACHABLE);
      default -> Optional.empty();
    };
  }

  private static String className(Throwable failure) {
    String name =
        failure instanceof RemoteException remote
            ? remote.getClassName()
            : failure.getClass().getName();
    return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
  }

  /** The first line: a namenode sends its stack trace after it. */
  private static String reason(Throwable failure) {
    String message = Objects.requireNonNullElse(failure.getMessage(), "");
    String line = message.strip().lines().findFirst().orElse("").strip();
    String name = className(failure);
    return line.isEmpty() ? name : line.startsWith(name) ? line : name + ": " + line;
  }
}
