/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import io.curvine.protocol.proto.GroupPartition;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/** What became of offsets that were to be forgotten; the one error, or one for each. */
public record DeletedOffsets(Errors error, Map<GroupPartition, Errors> partitions) {
  public DeletedOffsets {
    partitions = Map.copyOf(partitions);
  }

  static DeletedOffsets refused(Errors error) {
    return new DeletedOffsets(error, Map.of());
  }
}
