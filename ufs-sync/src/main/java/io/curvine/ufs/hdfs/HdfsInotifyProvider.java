/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.change.ChangeSource;
import io.curvine.ufs.change.ChangeSourceProvider;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Tells of changes of an HDFS location by the edits that its namenode gives to a superuser. Its
 * options are those of the location's store.
 */
public final class HdfsInotifyProvider implements ChangeSourceProvider {
  @Override
  public String kind() {
    return "hdfs";
  }

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
  public ChangeSource open(URI location, Map<String, String> options, Optional<String> cursor)
      throws IOException {
    OptionalLong from = OptionalLong.empty();
    if (cursor.isPresent()) {
      if (!cursor.get().matches("\\d{1,18}")) {
        throw new CurvineException(
            ErrorCode.INVALID_ARGUMENT,
            "cursor of hdfs is " + cursor.get() + "; allowed: the number of a transaction");
      }
      from = OptionalLong.of(Long.parseLong(cursor.get()));
    }
    HdfsPaths paths = HdfsUfsProvider.paths(location);
    HdfsConnection connection = new HdfsConnection(paths, HdfsOptions.parse(options));
    return new HdfsInotifySource(paths, connection, from);
  }
}
