/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.feed;

import io.curvine.cli.CliException;
import io.curvine.protocol.proto.FeedGroup;
import io.curvine.protocol.proto.FeedState;
import java.util.List;

/** Chooses among groups. */
final class Groups {
  private Groups() {}

  /**
   * The group of a name, or all of them.
   *
   * @param only null: all
   * @throws CliException where there is none of that name
   */
  static List<FeedGroup> chosen(FeedState state, String only) throws CliException {
    if (only == null) {
      return state.getGroupsList();
    }
    List<FeedGroup> found =
        state.getGroupsList().stream().filter(group -> group.getName().equals(only)).toList();
    if (found.isEmpty()) {
      throw new CliException(
          "there is no group "
              + only
              + "; the groups are "
              + state.getGroupsList().stream().map(FeedGroup::getName).toList());
    }
    return found;
  }
}
