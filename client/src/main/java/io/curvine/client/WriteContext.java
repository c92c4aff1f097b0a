/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

/**
 * What the blocks of one writer share.
 *
 * @param version that the blocks are named by
 */
record WriteContext(
    long inode, long version, Namespace namespace, DataPlane data, WriteBuffers buffers) {}
