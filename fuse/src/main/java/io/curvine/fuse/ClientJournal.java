/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse;

import io.curvine.client.ChangeFeed;
import io.curvine.client.CurvineClient;
import io.curvine.fuse.cache.Currency;
import io.curvine.protocol.change.ChangeFilter;
import java.io.IOException;
import java.time.Duration;

/** The journal as a client sees it. */
record ClientJournal(CurvineClient client) implements Currency.Journal, CacheFollower.Feeds {
  @Override
  public ChangeFeed fromNow() throws IOException {
    return client.changesFromNow(ChangeFilter.ALL);
  }

  @Override
  public long end() throws IOException {
    return client.journalEnd();
  }

  @Override
  public boolean isQuiet(long from, long to) throws IOException {
    ChangeFeed changes = client.changes(from, ChangeFilter.ALL);
    return changes.poll(Duration.ZERO).isEmpty() && changes.position() >= to;
  }
}
