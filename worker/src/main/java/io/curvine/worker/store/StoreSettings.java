/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import java.util.List;
import java.util.function.LongSupplier;

/**
 * How a store behaves. Immutable.
 *
 * @param dirs fastest first
 * @param highWatermarkPercent above it a directory is evicted from
 * @param lowWatermarkPercent down to here
 * @param pinMaxPercent of a directory, that policies keep at most
 * @param eviction which blocks go first
 * @param moveBytesPerSecond from tier to tier at most; 0: no limit
 * @param scrubBytesPerSecond that the scrubber reads at most; 0: it does not
 * @param hotBlockReads so many times its bytes within 10 seconds make a block hot; 0: none is
 * @param nanoTime a clock that never runs backwards
 */
public record StoreSettings(
    List<DirSpec> dirs,
    int highWatermarkPercent,
    int lowWatermarkPercent,
    int pinMaxPercent,
    Eviction eviction,
    long moveBytesPerSecond,
    long scrubBytesPerSecond,
    int hotBlockReads,
    LongSupplier nanoTime) {}
