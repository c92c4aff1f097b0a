/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

/**
 * One change of a key: what is there when it is done. Thread-safe; the one who makes the change
 * tells how it goes on.
 */
public final class Change {
  /** In the place of a time: it did not happen yet, and perhaps never does. */
  public static final long NEVER = Long.MAX_VALUE;

  private final ObjectState state;
  private final long begunNanos;
  private volatile Route route;
  private volatile long ackedNanos;
  private volatile long toldNanos;

  /** How Curvine hears of a change. */
  public enum Route {
    /** It was made through Curvine. */
    THROUGH,
    /** By a notification or an event of the UFS. */
    EVENT,
    /** By a scan alone. */
    SCAN
  }

  private Change(ObjectState state, Route route, long begunNanos, long ackedNanos) {
    this.state = state;
    this.route = route;
    this.begunNanos = begunNanos;
    this.ackedNanos = ackedNanos;
    this.toldNanos = ackedNanos;
  }

  /** One that begins. */
  static Change begin(ObjectState state, Route route, long nowNanos) {
    return new Change(state, route, nowNanos, NEVER);
  }

  /** Before the first: nothing is there. */
  static Change initial() {
    return new Change(ObjectState.ABSENT, Route.THROUGH, Long.MIN_VALUE, Long.MIN_VALUE);
  }

  /** It is done, and whoever asked for it knows that. Curvine was told, where nobody says more. */
  void acknowledge(long nowNanos) {
    toldNanos = nowNanos;
    ackedNanos = nowNanos;
  }

  /** Its notification is held back. */
  void hold() {
    toldNanos = NEVER;
  }

  /** Its notification was sent. */
  void told(long nowNanos) {
    toldNanos = nowNanos;
  }

  /** Its notification is lost. */
  void lose() {
    route = Route.SCAN;
  }

  ObjectState state() {
    return state;
  }

  Route route() {
    return route;
  }

  long begunNanos() {
    return begunNanos;
  }

  long ackedNanos() {
    return ackedNanos;
  }

  long toldNanos() {
    return toldNanos;
  }
}
