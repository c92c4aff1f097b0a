/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.master.state.view.Refused;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.ErrorCode;

/** Names that stand in keys of the state. */
final class Texts {
  private Texts() {}

  /** A NUL would end the name inside of a key. */
  static void require(String what, String text) throws Refused {
    if (text.isEmpty() || text.indexOf(0) >= 0 || text.length() > Limits.GROUP_NAME_MAX_CHARS) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          what
              + " has "
              + text.length()
              + " characters; allowed: 1 to "
              + Limits.GROUP_NAME_MAX_CHARS
              + ", none of them NUL");
    }
  }
}
