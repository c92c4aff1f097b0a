/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import io.curvine.journal.FeedLog;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What a mirror copies from: this master. Thread-safe. */
public interface MirrorSource {
  /** The cluster's id; empty before it has one. */
  String clusterId();

  /** A topic of the feed; empty while the feed is closed. */
  Optional<FeedLog> log(String topic);

  /** Completes when this master led after it was asked; fails where it does not. */
  CompletableFuture<Void> confirmLeading();
}
