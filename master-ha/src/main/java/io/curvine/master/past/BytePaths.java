/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import com.google.protobuf.ByteString;

/** Paths as bytes. Stateless. */
final class BytePaths {
  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  private BytePaths() {}

  /** Whether a path lies below a directory. */
  static boolean isBelow(ByteString path, ByteString directory) {
    return directory.equals(SLASH)
        ? path.size() > 1
        : path.size() > directory.size()
            && path.startsWith(directory)
            && path.byteAt(directory.size()) == '/';
  }

  /** Whether it is the entry or lies below. */
  static boolean isAtOrBelow(ByteString path, ByteString entry) {
    return path.equals(entry) || isBelow(path, entry);
  }

  /** A path below one directory, when that is called otherwise. */
  static ByteString moved(ByteString path, ByteString from, ByteString to) {
    return to.concat(path.substring(from.size()));
  }

  static ByteString child(ByteString directory, ByteString name) {
    return directory.equals(SLASH) ? SLASH.concat(name) : directory.concat(SLASH).concat(name);
  }
}
