/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

/** What a look at a page of a block found. */
public enum PageCheck {
  GOOD,
  MISSING,
  CORRUPT
}
