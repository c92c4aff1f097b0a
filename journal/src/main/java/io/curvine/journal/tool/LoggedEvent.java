/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;

/**
 * An event as the journal has it. Immutable.
 *
 * @param timestampMillis of its record, since the epoch
 * @param bytes the event's own
 */
public record LoggedEvent(long offset, long timestampMillis, ByteString bytes) {
  /**
   * Decodes it.
   *
   * @throws CurvineException CORRUPT where the bytes are no event
   */
  public Event parse() throws CurvineException {
    try {
      return Event.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new CurvineException(
          ErrorCode.CORRUPT, "the event at offset " + offset + " cannot be decoded: " + e);
    }
  }
}
