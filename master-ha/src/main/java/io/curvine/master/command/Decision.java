/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import java.util.List;

/** What became of a command when it was decided. */
public sealed interface Decision {
  /** It causes events; the result holds once their entry is applied. */
  record Accepted(CommandResult result) implements Decision {}

  /** It changes nothing: a retry, or what it asks is so already. */
  record Unchanged(CommandResult result) implements Decision {}

  /** It cannot be done; nothing changes. */
  record Refused(ErrorCode code, String message) implements Decision {}

  /** Names of these directories must be loaded first. */
  record NeedsUfs(List<Long> directories) implements Decision {
    public NeedsUfs {
      directories = List.copyOf(directories);
    }
  }
}
