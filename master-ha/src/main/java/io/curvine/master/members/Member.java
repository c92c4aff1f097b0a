/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.members;

import io.curvine.master.Peer;

/**
 * A master as the group knows it. Immutable.
 *
 * @param listener follows and does not vote
 * @param priority of the voting masters that have all entries the one with the highest leads
 */
public record Member(Peer peer, boolean listener, int priority) {
  /** Of a master that nobody gave another; 0 is left for those that should not lead. */
  public static final int PRIORITY_DEFAULT = 1;

  /** Priorities are from 0 up to this. */
  public static final int PRIORITY_MAX = 100;

  public Member {
    if (priority < 0 || priority > PRIORITY_MAX) {
      throw new IllegalArgumentException(
          "priority is " + priority + "; allowed: 0 to " + PRIORITY_MAX);
    }
  }

  /** One that votes, with the default priority. */
  public static Member voting(Peer peer) {
    return new Member(peer, false, PRIORITY_DEFAULT);
  }

  public String id() {
    return peer.id();
  }

  Member withPriority(int value) {
    return new Member(peer, listener, value);
  }
}
