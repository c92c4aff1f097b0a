/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.feed;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.cli.output.Table;
import io.curvine.protocol.proto.FeedGroup;
import io.curvine.protocol.proto.FeedMember;
import io.curvine.protocol.proto.FeedState;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin feed groups}. */
@Command(
    name = "groups",
    description = {
      "Show the consumer groups of the feed, their members and what each of them reads. One without",
      "members is forgotten after master.feed-group-retention."
    },
    mixinStandardHelpOptions = true)
public final class FeedGroups extends FeedAction {
  @Parameters(arity = "0..1", paramLabel = "GROUP", description = "Only this one. Default: all.")
  private String only;

  @Override
  protected void run() throws IOException {
    FeedState state = look();
    ObjectNode json = Json.object();
    ArrayNode groups = json.putArray("groups");
    Table table =
        new Table("GROUP", ">GENERATION", "PROTOCOL", "MEMBER", "CLIENT", "HOST", "READS");
    for (FeedGroup group : Groups.chosen(state, only)) {
      ObjectNode told = groups.addObject();
      told.put("name", group.getName())
          .put("generation", group.getGeneration())
          .put("protocol", group.getProtocol());
      ArrayNode members = told.putArray("members");
      for (FeedMember member : group.getMembersList()) {
        members.add(json(member));
        row(table, group, member);
      }
      if (group.getMembersCount() == 0) {
        table.row(Printable.of(group.getName()), group.getGeneration(), "-", "none", "-", "-", "-");
      }
    }
    print(json, table.isEmpty() ? "there are no groups\n" : table.render());
  }

  private static ObjectNode json(FeedMember member) {
    ObjectNode told =
        Json.object()
            .put("id", member.getId())
            .put("instanceId", member.getInstanceId())
            .put("clientId", member.getClientId())
            .put("host", member.getClientHost());
    ArrayNode topics = told.putArray("topics");
    member.getTopicsList().forEach(topics::add);
    return told;
  }

  private static void row(Table table, FeedGroup group, FeedMember member) {
    boolean named = !member.getInstanceId().isEmpty();
    table.row(
        Printable.of(group.getName()),
        group.getGeneration(),
        Printable.of(group.getProtocol()),
        Printable.of(named ? member.getInstanceId() : member.getId()),
        Printable.of(member.getClientId()),
        member.getClientHost(),
        member.getTopicsCount() == 0
            ? "nothing"
            : Printable.of(String.join(", ", member.getTopicsList())));
  }
}
