/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import com.google.protobuf.ByteString;
import org.apache.kafka.common.protocol.Errors;

/** A member's share. */
public record SyncAnswer(
    Errors error, String protocolType, String protocol, ByteString assignment) {
  static SyncAnswer refused(Errors error) {
    return new SyncAnswer(error, "", "", ByteString.EMPTY);
  }
}
