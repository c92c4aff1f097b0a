/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import io.curvine.journal.RaftPlace;
import io.curvine.protocol.proto.Event;

/**
 * An event with what is known of how it is kept. Immutable.
 *
 * @param bytes of the event itself
 * @param place of its batch's entry in the Raft log
 * @param checksumFits of its batch
 */
public record ScannedEvent(
    long offset, Event event, int bytes, RaftPlace place, boolean checksumFits) {}
