/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

/** Which masters answer what a client looks up in the namespace, and how current that is. */
public enum ReadFrom {
  /** The leader: linearizable, and the quickest for one reader. */
  LEADER,
  /** All in turn: linearizable as well; a master that does not lead asks the leader first. */
  ANY,
  /** All in turn: an answer may be behind by as much as is set, and never behind an earlier one. */
  STALE
}
