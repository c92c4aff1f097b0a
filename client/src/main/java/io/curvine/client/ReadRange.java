/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import java.nio.ByteBuffer;

/**
 * A range of a file that is wanted, and where its bytes go.
 *
 * @param position in the file
 * @param into filled from its position to its limit; that many bytes are wanted
 */
public record ReadRange(long position, ByteBuffer into) {}
