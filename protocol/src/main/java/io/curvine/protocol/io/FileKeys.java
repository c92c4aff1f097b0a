/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Which file a path leads to, on one host. */
public final class FileKeys {
  private FileKeys() {}

  /** Device and inode of the file as text; two processes that see the same one mean one file. */
  public static String of(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    if (key == null) {
      throw new IOException("this platform does not tell files apart");
    }
    return key.toString();
  }
}
