/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import io.curvine.protocol.proto.GroupOffset;
import io.curvine.protocol.proto.GroupPartition;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/** What a group has committed; nothing for a group that is not there. */
public record FetchedOffsets(Errors error, Map<GroupPartition, GroupOffset> offsets) {
  public FetchedOffsets {
    offsets = Map.copyOf(offsets);
  }
}
