/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import com.google.protobuf.ByteString;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.protocol.types.SchemaException;

/** Looks into what consumers say of themselves, which the coordinator else only passes on. */
final class Subscriptions {
  private Subscriptions() {}

  /** Whether a member with this subscription may read the topic; where that cannot be told, yes. */
  static boolean mayContain(String protocolType, ByteString subscription, String topic) {
    if (!protocolType.equals(ConsumerProtocol.PROTOCOL_TYPE)) {
      return true;
    }
    try {
      return ConsumerProtocol.deserializeSubscription(subscription.asReadOnlyByteBuffer())
          .topics()
          .contains(topic);
    } catch (SchemaException e) {
      return true;
    }
  }
}
