/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsStatus.Kind;
import java.util.Optional;

/**
 * Which file a change may replace or delete. Where nothing is there, nothing is lost: that is
 * always allowed. Immutable.
 *
 * @param any whichever there is
 * @param version otherwise the only one; empty: none
 */
public record UfsExpected(boolean any, String version) {
  /** Whichever there is. */
  public static final UfsExpected ANY = new UfsExpected(true, "");

  /** None: nothing is to be there. */
  public static final UfsExpected NOTHING = new UfsExpected(false, "");

  /** The file of that version; empty: none. */
  public static UfsExpected version(String version) {
    return new UfsExpected(false, version);
  }

  /** Whether what was found may be replaced or deleted. */
  public boolean allows(Optional<UfsStatus> found) {
    return any
        || found.isEmpty()
        || (found.get().kind() == Kind.FILE && !version.isEmpty() && found.get().isOf(version));
  }

  /**
   * Refuses to replace or delete what is not expected.
   *
   * @param what the object, for the message
   * @throws CurvineException UFS_CONFLICT
   */
  public void require(String what, Optional<UfsStatus> found) throws CurvineException {
    if (!allows(found)) {
      throw conflict(
          what, found.map(status -> status.kind() + " " + status.version()).orElse("nothing"));
    }
  }

  /** The refusal. */
  public CurvineException conflict(String what, String found) {
    return new CurvineException(
        ErrorCode.UFS_CONFLICT,
        what
            + " is "
            + found.strip()
            + ", which another than Curvine put there; allowed: "
            + (version.isEmpty() ? "nothing" : "nothing, or version " + version));
  }
}
