/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.ErrorCode;
import java.nio.charset.StandardCharsets;

/** What all providers hold of paths: '/'-separated, relative, without "." or "..". Pure. */
public final class UfsPaths {
  private UfsPaths() {}

  /** Whether the namespace can hold an entry of that name. */
  public static boolean nameable(String name) {
    return !name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && name.indexOf('/') < 0
        && name.indexOf('\0') < 0
        && name.getBytes(StandardCharsets.UTF_8).length <= Limits.NAME_MAX_BYTES;
  }

  /**
   * Refuses a path that leads out of the location or that no entry can have; the empty path is the
   * location.
   *
   * @throws CurvineException INVALID_ARGUMENT
   */
  public static void check(String path) throws CurvineException {
    if (path.isEmpty()) {
      return;
    }
    for (String component : path.split("/", -1)) {
      if (!nameable(component)) {
        throw new CurvineException(
            ErrorCode.INVALID_ARGUMENT,
            "ufs path is '"
                + path
                + "'; allowed: relative, of names of 1 to 255 bytes without '.', '..' and NUL");
      }
    }
  }

  /** {@link #check} for a path below the location: the location itself is never changed. */
  public static void checkBelow(String path) throws CurvineException {
    if (path.isEmpty()) {
      throw new CurvineException(
          ErrorCode.UNSUPPORTED, "the location itself is neither replaced, moved nor deleted");
    }
    check(path);
  }

  /** The last component; empty for the location. */
  public static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** All but the last component; empty for what is directly in the location. */
  public static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }
}
