/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import io.curvine.master.state.KvReader;
import io.curvine.master.state.Overlay;
import io.curvine.master.state.view.StateView;

/**
 * What readers see. While an entry is written to the database and the cache, its changes lie over
 * both, so all of it is seen at once. Immutable.
 *
 * @param entry counts the entries; a reader that finds it changed may have seen parts of two
 * @param unwritten the changes of the entry that is being written; null: it is written
 * @param view on the whole
 */
record Visible(long entry, Overlay unwritten, StateView view) {
  static Visible first(KvReader committed) {
    return new Visible(0, null, new StateView(committed));
  }

  Visible writing(Overlay changes) {
    return new Visible(entry + 1, changes, new StateView(changes));
  }

  Visible written(KvReader committed) {
    return new Visible(entry, null, new StateView(committed));
  }

  /** What is seen, with the changes over another base that may have them or not. */
  StateView over(KvReader base) {
    if (unwritten == null) {
      return new StateView(base);
    }
    return new StateView(unwritten.over(base));
  }
}
