/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.KvReader;
import io.curvine.master.state.view.StateView;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The state at one moment, while the store goes on. Thread-safe until it is closed. Reading after
 * the store was closed throws {@link StoreException}.
 */
public final class FrozenState implements AutoCloseable {
  private final KvReader rows;
  private final StateView view;
  private final StoredScan scan;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes a key and its value as they are stored; false: enough. */
  @FunctionalInterface
  public interface StoredVisitor {
    boolean visit(byte[] key, byte[] value);
  }

  /** See {@link #scanStored}. */
  @FunctionalInterface
  interface StoredScan {
    void scan(ColumnFamily<?> family, Key from, Key to, StoredVisitor visitor);
  }

  FrozenState(KvReader rows, StoredScan scan, Runnable release) {
    this.rows = rows;
    this.view = new StateView(rows);
    this.scan = scan;
    this.release = release;
  }

  /** The state row by row. */
  public KvReader rows() {
    return rows;
  }

  /** The state in parts, with values as objects. */
  public StateView view() {
    return view;
  }

  /**
   * Visits the keys of {@code [from, to)} in order until the visitor has enough. The store cannot
   * be closed meanwhile, so who has much to visit does it in several calls.
   *
   * @param to exclusive; null: to the end of the family
   */
  public void scanStored(ColumnFamily<?> family, Key from, Key to, StoredVisitor visitor) {
    scan.scan(family, from, to, visitor);
  }

  /** Lets the database drop what was replaced since. */
  @Override
  public void close() {
    // The database would end the process over a second time.
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }
}
