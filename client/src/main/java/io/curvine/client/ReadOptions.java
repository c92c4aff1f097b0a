/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

/**
 * How a file is read. Immutable.
 *
 * @param cache workers keep what they fetch from the UFS for it; otherwise what is cached is used,
 *     and all else is fetched, given and forgotten
 */
public record ReadOptions(boolean cache) {}
