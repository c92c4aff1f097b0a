/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.notify;

import io.curvine.ufs.change.ChangeHint;
import java.util.List;

/**
 * What one message said of a location.
 *
 * @param hints none where it was about other places
 * @param newestMillis since the epoch, when the newest of its events happened; 0: it does not say
 */
public record Notification(List<ChangeHint> hints, long newestMillis) {
  public Notification {
    hints = List.copyOf(hints);
  }
}
