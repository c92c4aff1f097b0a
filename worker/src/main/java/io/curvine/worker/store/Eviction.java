/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

/** What decides which cached blocks go first. */
public enum Eviction {
  /** How often and how lately: one big scan does not wash out what is used again and again. */
  W_TINYLFU,
  /** The one that was not used for longest goes first. */
  LRU,
  /** The one that was used least often goes first; old uses count less and less. */
  LFU;

  EvictionPolicy policy(long capacityBytes, FrequencySketch heat) {
    return switch (this) {
      case W_TINYLFU -> new WTinyLfuPolicy(capacityBytes, heat);
      case LRU -> new LruPolicy();
      case LFU -> new LfuPolicy();
    };
  }
}
