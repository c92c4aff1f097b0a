/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.feed;

import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.FeedState;
import io.curvine.protocol.proto.KeepForFeed;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin feed floor set}. */
@Command(
    name = "set",
    description = {
      "Keep events for a consumer until it has read them: from an offset on, or with what a consumer group",
      "has committed. A floor of the same name is replaced."
    },
    mixinStandardHelpOptions = true)
public final class FloorSet extends FeedAction {
  @Parameters(paramLabel = "NAME", description = "What to call it.")
  private String name;

  @Option(
      names = "--offset",
      paramLabel = "OFFSET",
      description =
          "The first that is kept; with --group: while that has committed nothing."
              + " Default: where the journal ends now.")
  private Long offset;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "It goes with this group's lowest committed offset.")
  private String group;

  @Override
  protected void run() throws IOException {
    if (offset != null && offset < 0) {
      throw usage("--offset is " + offset + "; allowed: 0 or more");
    }
    FeedState before = look();
    // Once, here: a leader that is asked again would take a later end.
    KeepForFeed.Builder keep =
        KeepForFeed.newBuilder()
            .setName(name)
            .setOffset(offset == null ? before.getNextOffset() : offset);
    if (group != null) {
      keep.setGroup(group);
      if (before.getGroupsList().stream().noneMatch(each -> each.getName().equals(group))) {
        err()
            .println(
                "curvine-admin: there is no group "
                    + group
                    + " yet: the floor stays at "
                    + keep.getOffset()
                    + " until it commits something");
      }
    }
    FeedState state = ask(AdminRequest.newBuilder().setKeepForFeed(keep).build());
    print(FeedFloor.json(state), FeedFloor.text(state));
  }
}
