/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.config;

/**
 * Checks values of configuration records. Each refusal is an {@link IllegalArgumentException} that
 * names the key, the value and what is allowed.
 */
public final class Allowed {
  private Allowed() {}

  /** From {@code low} to {@code high}, both included. */
  public static <T extends Comparable<T>> void range(String key, T value, T low, T high) {
    check(value.compareTo(low) >= 0 && value.compareTo(high) <= 0, key, value, low + " to " + high);
  }

  /** From {@code low} to {@code high}, both included. */
  public static void range(String key, long value, long low, long high) {
    check(value >= low && value <= high, key, value, low + " to " + high);
  }

  /** Where it is not right, says what is allowed. */
  public static void check(boolean right, String key, Object value, String allowed) {
    if (!right) {
      throw new IllegalArgumentException(key + " is " + value + "; allowed: " + allowed);
    }
  }
}
