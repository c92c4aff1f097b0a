/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

/** Hears how far copies are. Called by the threads that copy; brief. */
public interface MirrorProgress {
  /** All below this offset is in the copy for good. */
  void copied(String topic, long nextOffset);

  /** A copy cannot go on now; it is tried again. */
  void failed(String topic, Exception cause);
}
