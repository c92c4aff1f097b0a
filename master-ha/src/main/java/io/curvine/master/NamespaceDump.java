/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import com.google.protobuf.ByteString;
import io.curvine.journal.view.EntryJson;
import io.curvine.master.query.NamespaceListing;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes a listing of the namespace as lines. */
final class NamespaceDump {
  private static final int STEP_ENTRIES = 1_000;

  private NamespaceDump() {}

  static void write(StateStore store, String clusterId, OutputStream out) throws IOException {
    EntryJson json = new EntryJson();
    try (NamespaceListing listing = NamespaceListing.of(store)) {
      line(json.begin(listing.offset(), clusterId), out);
      long entries = 0;
      List<NamespaceListing.Listed> step = listing.next(STEP_ENTRIES);
      while (!step.isEmpty()) {
        for (NamespaceListing.Listed each : step) {
          line(json.entry(each.path(), each.inode()), out);
        }
        entries += step.size();
        step = listing.next(STEP_ENTRIES);
      }
      line(json.end(entries), out);
    } catch (StoreException e) {
      throw new IOException("this master's state was replaced or closed; begin again", e);
    }
  }

  private static void line(ByteString line, OutputStream out) throws IOException {
    line.writeTo(out);
    out.write('\n');
  }
}
