/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How a store behaves. Immutable.
 *
 * @param dirs fastest first
 * @param highWatermarkPercent above it a directory is evicted from
 * @param lowWatermarkPercent down to here
 * @param verifyInterval after which a page is checked again
 * @param nanoTime a clock that never runs backwards
 */
public record StoreSettings(
    List<DirSpec> dirs,
    int highWatermarkPercent,
    int lowWatermarkPercent,
    Duration verifyInterval,
    LongSupplier nanoTime) {}
