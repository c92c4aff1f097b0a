/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.store.FrozenState;

/**
 * A part of one family. Immutable.
 *
 * @param to exclusive; null: to the end
 */
public record KeyRange(ColumnFamily<?> family, Key from, Key to) {
  /** So much is read at a time: the store can be closed in between. */
  private static final int PIECE_BYTES = 4 << 20;

  /** Between pieces, when nothing holds the store. */
  @FunctionalInterface
  public interface Pause<E extends Exception> {
    void after(int bytes) throws E;
  }

  /** All of a family. */
  public static KeyRange all(ColumnFamily<?> family) {
    return new KeyRange(family, Keys.EMPTY, null);
  }

  /**
   * Visits every key that comes from the journal, or is a result or a progress, in order, until the
   * visitor has enough.
   */
  <E extends Exception> void visit(
      FrozenState state, FrozenState.StoredVisitor visitor, Pause<E> pause) throws E {
    Piece piece = new Piece(visitor);
    Key next = from;
    do {
      piece.begin();
      state.scanStored(family, next, to, piece);
      pause.after(piece.bytes);
      next = piece.last == null ? null : Keys.successor(Key.of(piece.last));
    } while (piece.more);
  }

  private final class Piece implements FrozenState.StoredVisitor {
    private final FrozenState.StoredVisitor visitor;
    private int bytes;
    private byte[] last;
    private boolean more;

    Piece(FrozenState.StoredVisitor visitor) {
      this.visitor = visitor;
    }

    void begin() {
      bytes = 0;
      more = false;
    }

    @Override
    public boolean visit(byte[] key, byte[] value) {
      bytes += key.length + value.length;
      last = key;
      if (!FoldedState.isRaftPosition(family, Key.of(key)) && !visitor.visit(key, value)) {
        return false;
      }
      more = bytes >= PIECE_BYTES;
      return !more;
    }
  }
}
