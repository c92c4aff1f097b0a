/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import io.curvine.protocol.proto.ConsumerGroup;
import org.apache.kafka.common.protocol.Errors;

/**
 * What must be in the journal before somebody is answered.
 *
 * @param ended to be told how it went, whatever has become of the group meanwhile
 */
record Save(ConsumerGroup group, Ended ended) {
  /** Takes the outcome, {@link Errors#NONE} where it is in the journal. */
  @FunctionalInterface
  interface Ended {
    void accept(Errors error, long nowNanos);
  }
}
