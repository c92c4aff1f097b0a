/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.util.UUID;

/**
 * Names of files that are being written, in stores where a file is replaced by a rename. They are
 * never listed, and nobody else may use them. Pure.
 */
public final class TemporaryNames {
  /** What all of them begin with. */
  public static final String PREFIX = ".curvine-tmp-";

  private TemporaryNames() {}

  /** A name that nobody else has. */
  public static String next() {
    return PREFIX + UUID.randomUUID();
  }

  /** Whether that is such a name. */
  public static boolean isTemporary(String name) {
    return name.startsWith(PREFIX);
  }

  /**
   * Refuses a path whose last name is kept for such files.
   *
   * @throws CurvineException INVALID_ARGUMENT
   */
  public static void refuse(String path) throws CurvineException {
    if (isTemporary(UfsPaths.name(path))) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "ufs path is '" + path + "'; allowed: names that do not begin with " + PREFIX);
    }
  }
}
