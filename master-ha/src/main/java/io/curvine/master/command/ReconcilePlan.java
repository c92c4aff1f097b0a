/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.master.state.view.Refused;
import io.curvine.master.store.FrozenState;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.ReconcileDirectory;
import java.util.List;

/** What a reconcile would do, without doing it. Stateless. */
public final class ReconcilePlan {
  private ReconcilePlan() {}

  /** The events that would follow from what was seen; none where the directory is gone. */
  public static List<Event> of(ReconcileDirectory seen, FrozenState state) {
    Context context = context(state);
    try {
      var unused = ReconcileDecider.reconcile(seen, context);
    } catch (Refused e) {
      return List.of(); // It is not what it was when it was listed.
    }
    return context.events().stream().map(Event.Builder::build).toList();
  }

  /** Whether the namespace is as was seen, so that a reconcile would do nothing. */
  public static boolean isLike(ReconcileDirectory seen, FrozenState state) {
    Context context = context(state);
    try {
      return ReconcileDecider.reconcile(seen, context).isEmpty() && context.events().isEmpty();
    } catch (Refused e) {
      return false; // for the command to say
    }
  }

  private static Context context(FrozenState state) {
    return new Context(state.rows(), state.view(), 0, Command.getDefaultInstance());
  }
}
