/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

/**
 * An event's place and time.
 *
 * @param timestampMillis since the epoch
 */
public record TimedOffset(long offset, long timestampMillis) {}
