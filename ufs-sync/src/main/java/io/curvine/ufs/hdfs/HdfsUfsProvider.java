/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsProvider;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/** Serves {@code hdfs://host:port/directory} and {@code hdfs://nameservice/directory}. */
public final class HdfsUfsProvider implements UfsProvider {
  @Override
  public Set<String> schemes() {
    return Set.of("hdfs");
  }

  @Override
  public Map<String, String> options() {
    return HdfsOptions.documentation();
  }

  @Override
  public Set<String> secretOptions() {
    return Set.of();
  }

  @Override
  public UnderFileSystem open(URI location, Map<String, String> options) throws IOException {
    return new HdfsUnderFileSystem(paths(location), HdfsOptions.parse(options));
  }

  static HdfsPaths paths(URI location) throws CurvineException {
    String authority = location.getRawAuthority();
    if (authority == null || !authority.matches("[A-Za-z0-9][A-Za-z0-9._-]*(:\\d{1,5})?")) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "ufs uri is "
              + location
              + "; allowed: hdfs://host:port/directory, hdfs://nameservice/directory");
    }
    String path = location.getPath();
    return new HdfsPaths(authority, path.equals("/") ? "" : path);
  }
}
