/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import com.google.protobuf.ByteString;
import java.util.Map;

/**
 * A member asks for its share; the leader brings all of them.
 *
 * @param protocolType empty where the client does not say
 * @param protocol likewise
 * @param assignments by member id; of the leader
 */
public record SyncRequest(
    Identity member,
    int generation,
    String protocolType,
    String protocol,
    Map<String, ByteString> assignments) {
  public SyncRequest {
    assignments = Map.copyOf(assignments);
  }
}
