/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import io.curvine.master.state.view.StateView;
import java.util.function.Function;

/**
 * The state as it was when it was pinned, for readers who take long. They read in steps: between
 * two of them the store may close, and the next step then fails. The database keeps what it would
 * have dropped since, so a pin is given back. Not thread-safe.
 */
public interface PinnedState extends AutoCloseable {
  /**
   * Runs one step, which must be brief: closing the store waits for it.
   *
   * @throws StoreException where the store was closed meanwhile
   */
  <T> T read(Function<StateView, T> step);

  @Override
  void close();
}
