/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import java.util.Optional;

/**
 * A UFS, and where it is mounted.
 *
 * @param path in the namespace
 * @param notifier tells Curvine of changes; empty: the UFS does so by itself
 */
public record Mounted(String path, UfsStore store, Optional<Notifier> notifier) {
  /** A key's path in the namespace, by which the history names it. */
  public String at(String key) {
    return path + "/" + key;
  }

  void created(String key, Optional<Change> change) {
    notifier.ifPresent(to -> to.created(key, change));
  }

  void removed(String key, Optional<Change> change) {
    notifier.ifPresent(to -> to.removed(key, change));
  }
}
