/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.Event;
import java.util.Optional;

/**
 * How a derived topic shows the journal's events. A pure function: it gives the same on every
 * master, and again when a file is made anew.
 */
@FunctionalInterface
public interface EventView {
  /**
   * A record of the topic; it has the event's offset and time.
   *
   * @param type of the record, as a header
   */
  record Shown(ByteString key, ByteString value, ByteString type) {}

  /** Empty where the topic does not have the event. */
  Optional<Shown> show(long offset, Event event);
}
