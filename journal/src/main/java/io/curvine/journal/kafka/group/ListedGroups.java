/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** All groups, as they are described. */
public record ListedGroups(Errors error, List<Described> groups) {
  public ListedGroups {
    groups = List.copyOf(groups);
  }
}
