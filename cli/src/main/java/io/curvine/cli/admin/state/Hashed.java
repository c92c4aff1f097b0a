/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.state;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Digests of one state. Immutable.
 *
 * @param name of its master or directory
 * @param families by name
 */
public record Hashed(String name, long offset, Map<String, Family> families) {
  public Hashed {
    families = Map.copyOf(families);
  }

  /**
   * Of one family.
   *
   * @param folded comes from events alone: only such are compared
   */
  public record Family(long keys, long bytes, String sha256, boolean folded) {}

  /** The families in which any of the states differ; states of different offsets in all. */
  public static List<String> differences(List<Hashed> all) {
    TreeSet<String> differing = new TreeSet<>();
    for (Hashed other : all) {
      Hashed first = all.get(0);
      first.families.forEach(
          (name, family) -> {
            if (family.folded() && !family.equals(other.families.get(name))) {
              differing.add(name);
            }
          });
    }
    return List.copyOf(differing);
  }
}
