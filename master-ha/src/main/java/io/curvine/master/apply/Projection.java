/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.Overlay;
import io.curvine.master.state.mutate.MutableState;
import io.curvine.master.state.view.StateView;
import io.curvine.protocol.proto.CommandOutcome;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.Event;

/**
 * Folds events into an overlay. The live path, the leader's look-ahead and replay all go through
 * here. Not thread-safe.
 */
public final class Projection {
  private final MutableState state;

  public Projection(Overlay overlay) {
    this.state = new MutableState(overlay);
  }

  /** The state with everything folded so far. */
  public StateView view() {
    return state.view();
  }

  /**
   * Folds one event.
   *
   * @throws IllegalStateException where the event contradicts the state, saying which and why
   */
  public void apply(Event event) {
    try {
      EventAppliers.apply(event, state);
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "event "
              + event.getEventCase()
              + " at offset "
              + view().meta().nextOffset()
              + " contradicts the state: "
              + e.getMessage(),
          e);
    }
  }

  /** Passes over events that are lost; those behind may contradict the state then. */
  public void skip(long events) {
    state.skipped(events);
  }

  /** Keeps what a command gave for its retries, as an entry has it. */
  public void record(CommandOutcome outcome) {
    record(outcome, result(outcome));
  }

  private CommandResult result(CommandOutcome outcome) {
    return outcome.getInode() == 0
        ? outcome.getResult()
        : outcome.getResult().toBuilder()
            .setInode(view().namespace().require(outcome.getInode()))
            .build();
  }

  /** Keeps what a command gave for its retries: the result and whose it is. */
  public void record(CommandOutcome of, CommandResult result) {
    state
        .sessions()
        .record(
            CommandOutcome.newBuilder()
                .setSessionId(of.getSessionId())
                .setSeq(of.getSeq())
                .setAckedBelow(of.getAckedBelow())
                .setResult(result)
                .build());
  }
}
