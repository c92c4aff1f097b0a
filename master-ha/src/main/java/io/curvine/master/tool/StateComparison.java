/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.store.FrozenState;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/** Compares two states key by key. Stateless. */
public final class StateComparison {
  private static final int PIECE_KEYS = 1_024;

  private StateComparison() {}

  /**
   * Where two states differ first.
   *
   * @param inA the value as it is stored, for one that has it; null: the key is not there
   */
  @SuppressWarnings("ArrayRecordComponent") // Values as they are stored; nobody compares records.
  public record Difference(ColumnFamily<?> family, Key key, byte[] inA, byte[] inB) {}

  /** Takes a key with its values; null where one has none. False: enough. */
  @FunctionalInterface
  interface PairVisitor {
    boolean visit(Key key, byte[] inA, byte[] inB);
  }

  /** The first key of a family that one has and the other has not, or has with another value. */
  public static Optional<Difference> first(ColumnFamily<?> family, FrozenState a, FrozenState b) {
    Difference[] found = new Difference[1];
    visit(
        family,
        a,
        b,
        (key, inA, inB) -> {
          if (Arrays.equals(inA, inB)) {
            return true;
          }
          found[0] = new Difference(family, key, inA, inB);
          return false;
        });
    return Optional.ofNullable(found[0]);
  }

  /** Visits the keys that one or the other has, in order. */
  static void visit(ColumnFamily<?> family, FrozenState a, FrozenState b, PairVisitor visitor) {
    Pieces inA = new Pieces(family, a);
    Pieces inB = new Pieces(family, b);
    boolean more = true;
    while (more && (inA.peek() != null || inB.peek() != null)) {
      int order =
          inA.peek() == null
              ? 1
              : inB.peek() == null ? -1 : inA.peek().key.compareTo(inB.peek().key);
      Key key = order <= 0 ? inA.peek().key : inB.peek().key;
      byte[] valueA = order <= 0 ? inA.take() : null;
      byte[] valueB = order >= 0 ? inB.take() : null;
      more = visitor.visit(key, valueA, valueB);
    }
  }

  /** A family in order, read a piece at a time. */
  private static final class Pieces {
    private final ColumnFamily<?> family;
    private final FrozenState state;
    private final Deque<Entry> piece = new ArrayDeque<>();
    private Key next = Keys.EMPTY;

    @SuppressWarnings("ArrayRecordComponent")
    private record Entry(Key key, byte[] value) {}

    Pieces(ColumnFamily<?> family, FrozenState state) {
      this.family = family;
      this.state = state;
    }

    Entry peek() {
      while (piece.isEmpty() && next != null) {
        read();
      }
      return piece.peek();
    }

    private void read() {
      Key[] last = new Key[1];
      int[] left = {PIECE_KEYS};
      state.scanStored(
          family,
          next,
          null,
          (bytes, value) -> {
            Key key = Key.of(bytes);
            last[0] = key;
            if (!FoldedState.isRaftPosition(family, key)) {
              piece.add(new Entry(key, value));
            }
            return --left[0] > 0;
          });
      next = left[0] > 0 ? null : Keys.successor(last[0]);
    }

    byte[] take() {
      return piece.remove().value;
    }
  }
}
