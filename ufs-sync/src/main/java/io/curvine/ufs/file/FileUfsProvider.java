/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.file;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.UfsFinding;
import io.curvine.ufs.UfsProvider;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/** Serves {@code file:///directory}: a POSIX directory that every worker and master sees. */
public final class FileUfsProvider implements UfsProvider {
  @Override
  public Set<String> schemes() {
    return Set.of("file");
  }

  @Override
  public Map<String, String> options() {
    return Map.of();
  }

  @Override
  public Set<String> secretOptions() {
    return Set.of();
  }

  @Override
  public String right(UfsFinding.Access access) {
    return switch (access) {
      case LIST -> "r and x on the directory and on those below it, for the user of the processes";
      case READ -> "r on the files, for the user of the processes";
      case WRITE, RENAME, DELETE -> "w and x on the directories, for the user of the processes";
      case UNRECOGNIZED -> throw new IllegalArgumentException("no access");
    };
  }

  @Override
  public UnderFileSystem open(URI location, Map<String, String> options) throws IOException {
    String host = location.getRawAuthority();
    if (host != null && !host.isEmpty()) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "ufs uri is " + location + "; allowed: file:///directory, without a host");
    }
    return new FileUnderFileSystem(PosixNames.path(location.getPath()));
  }
}
