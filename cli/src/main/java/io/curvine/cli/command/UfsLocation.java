/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import io.curvine.cli.CliException;
import io.curvine.ufs.UfsRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a person types as a UFS: a URI, or a directory of this machine. Stateless. */
public final class UfsLocation {
  private UfsLocation() {}

  /**
   * The URI in its one spelling.
   *
   * @throws IOException where it is a directory that does not exist, or no URI of a known store
   */
  public static String uri(String text) throws IOException {
    if (text.contains("://")) {
      return UfsRegistry.load().normalise(text);
    }
    Path directory = Path.of(text).toAbsolutePath().normalize();
    if (!Files.isDirectory(directory)) {
      throw new CliException(
          "UFS '"
              + text
              + "' is not a directory of this machine; allowed: a directory, or a URI"
              + " such as s3://bucket/prefix");
    }
    return UfsRegistry.load().normalise(directory.toString());
  }
}
