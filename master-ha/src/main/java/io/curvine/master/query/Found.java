/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import io.curvine.master.state.view.Refused;
import io.curvine.protocol.proto.QueryResult;

/**
 * What a query gave. A refusal too is an answer from a state: it has an offset.
 *
 * @param result with the offset; nothing else where the query was refused
 * @param refused null where it was not
 */
public record Found(QueryResult result, Refused refused) {
  /** The state that it is from holds all events below this, and no other. */
  public long offset() {
    return result.getOffset();
  }
}
