/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.feed;

import io.curvine.cli.CliException;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.EndFloor;
import io.curvine.protocol.proto.FeedState;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin feed floor remove}. */
@Command(
    name = "remove",
    description = "End a floor: what it kept goes with the next look at the journal's retention.",
    mixinStandardHelpOptions = true)
public final class FloorRemove extends FeedAction {
  @Parameters(paramLabel = "NAME", description = "Which one.")
  private String name;

  @Override
  protected void run() throws IOException {
    List<String> known =
        look().getFloorsList().stream().map(each -> each.getFloor().getName()).toList();
    if (!known.contains(name)) {
      throw new CliException("there is no floor " + name + "; the floors are " + known);
    }
    FeedState state =
        ask(AdminRequest.newBuilder().setEndFloor(EndFloor.newBuilder().setName(name)).build());
    print(FeedFloor.json(state), FeedFloor.text(state));
  }
}
