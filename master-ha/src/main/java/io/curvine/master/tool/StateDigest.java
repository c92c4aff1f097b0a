/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.store.FrozenState;
import io.curvine.protocol.io.Pace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A digest of each column family at an offset. Two masters that folded the same events have the
 * same ones of the folded families (see {@link FoldedState}). Immutable.
 *
 * @param offset next offset of the state
 */
public record StateDigest(long offset, List<Family> families) {
  public StateDigest {
    families = List.copyOf(families);
  }

  /**
   * Of one family.
   *
   * @param bytes of keys and values
   * @param sha256 64 hexadecimal digits
   */
  public record Family(ColumnFamily<?> family, long keys, long bytes, String sha256) {
    /** Whether it comes from the events alone. */
    public boolean folded() {
      return FoldedState.folded(family);
    }
  }

  /** Reads all of a state; at the given pace. */
  public static StateDigest of(FrozenState state, Pace pace) throws IOException {
    List<Family> families = new ArrayList<>();
    KeyHash hash = new KeyHash();
    for (ColumnFamily<?> family : ColumnFamily.all()) {
      KeyRange.all(family)
          .visit(
              state,
              (key, value) -> {
                hash.add(key, value);
                return true;
              },
              pace::await);
      long keys = hash.keys();
      long bytes = hash.bytes();
      families.add(new Family(family, keys, bytes, hash.finish()));
    }
    return new StateDigest(state.view().meta().nextOffset(), families);
  }

  /** Those that come from the events alone. */
  public List<Family> folded() {
    return families.stream().filter(Family::folded).toList();
  }

  /** Keys of all families. */
  public long keys() {
    return families.stream().mapToLong(Family::keys).sum();
  }

  /** The folded families that differ from another state's. */
  public List<ColumnFamily<?>> differences(StateDigest other) {
    List<ColumnFamily<?>> differing = new ArrayList<>();
    for (Family family : folded()) {
      if (!other.families().contains(family)) {
        differing.add(family.family());
      }
    }
    return differing;
  }
}
