/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import io.curvine.protocol.proto.GroupMember;
import java.util.List;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.types.SchemaException;

/** What a member of a group was given to read. */
public final class Assigned {
  private Assigned() {}

  /**
   * Topics of a member.
   *
   * @return nothing where it has none yet, or where its words are not those of a consumer
   */
  public static List<String> topics(GroupMember member) {
    if (member.getAssignment().isEmpty()) {
      return List.of();
    }
    try {
      return ConsumerProtocol.deserializeAssignment(member.getAssignment().asReadOnlyByteBuffer())
          .partitions()
          .stream()
          .map(TopicPartition::topic)
          .sorted()
          .toList();
    } catch (SchemaException e) {
      return List.of(); // Of another kind of client than a consumer: its bytes are its own.
    }
  }
}
