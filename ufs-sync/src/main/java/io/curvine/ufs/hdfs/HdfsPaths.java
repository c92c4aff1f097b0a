/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Between paths of a location and those of its HDFS. Pure.
 *
 * @param authority of the location: host:port, or the name of a nameservice
 * @param root the location's directory from the root of HDFS, empty for the root itself
 */
record HdfsPaths(String authority, String root) {
  /** As the client takes it. */
  Path path(String relative) {
    String absolute = relative.isEmpty() ? root : root + "/" + relative;
    return new Path("hdfs", authority, absolute.isEmpty() ? "/" : absolute);
  }

  /** For messages. */
  String name(String relative) {
    return "hdfs://" + authority + root + (relative.isEmpty() ? "" : "/" + relative);
  }

  /** What a path from HDFS's root is in the location; empty where it is not there. */
  Optional<String> relative(String absolute) {
    if (absolute.equals(root)) {
      return Optional.of("");
    }
    return absolute.startsWith(root + "/")
        ? Optional.of(absolute.substring(root.length() + 1))
        : Optional.empty();
  }

  /** Whether the location is below that path. */
  boolean isBelow(String absolute) {
    return root.startsWith(absolute.equals("/") ? "/" : absolute + "/");
  }
}
