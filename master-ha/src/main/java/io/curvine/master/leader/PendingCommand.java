/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.leader;

import io.curvine.protocol.proto.Command;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A command on its way through the decide loop. Owned by one thread at a time. */
final class PendingCommand {
  private static final int LOADS_OF_ONE_DIRECTORY_MAX = 3;

  private final Command command;
  private final Consumer<Reply> caller;
  private final int sizeBytes;
  private final long arrivedNanos = System.nanoTime();
  private Map<Long, Integer> loads;

  PendingCommand(Command command, Consumer<Reply> caller) {
    this.command = command;
    this.caller = caller;
    this.sizeBytes = command.getSerializedSize();
  }

  Command command() {
    return command;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  long arrivedNanos() {
    return arrivedNanos;
  }

  void answer(Reply reply) {
    caller.accept(reply);
  }

  /** Counts a load; false where these directories have been loaded for it too often. */
  boolean mayLoad(List<Long> directories) {
    if (loads == null) {
      loads = new HashMap<>();
    }
    return directories.stream()
        .allMatch(
            directory -> loads.merge(directory, 1, Integer::sum) <= LOADS_OF_ONE_DIRECTORY_MAX);
  }
}
