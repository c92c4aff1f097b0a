/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

/**
 * What a reader saw at a key. Immutable.
 *
 * @param kernel it read through a mount, whose kernel keeps what it has seen for a while
 * @param begunNanos before the reader asked
 * @param endedNanos after it had its answer
 * @param seen whatever it was
 */
public record Sight(
    String key, boolean kernel, long begunNanos, long endedNanos, ObjectState seen) {}
