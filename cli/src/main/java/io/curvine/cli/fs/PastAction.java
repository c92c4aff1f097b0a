/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.CliException;
import io.curvine.client.PastListener;
import io.curvine.client.PastView;
import io.curvine.protocol.proto.Moment;
import io.curvine.protocol.proto.PastState;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A command that looks at the cluster as it was. */
abstract class PastAction extends FsAction {
  /** What takes longer is announced. */
  private static final int ANNOUNCED_MS = 1_000;

  /** Says on standard error what the opening of a past state takes, where that is long. */
  private final class Announcer implements PastListener {
    @Override
    public void planned(PastState plan) {
      if (!plan.getOpen() && plan.getLeftMs() > ANNOUNCED_MS) {
        say(
            String.format(
                Locale.ROOT,
                "the state at offset %d is made of the one at %d and %d events: about %d s",
                plan.getOffset(),
                plan.getFromOffset(),
                plan.getOffset() - plan.getFromOffset(),
                seconds(plan)));
      }
    }

    @Override
    public void opening(PastState state) {
      say(
          state.getWaits()
              ? "waiting: another past state is being opened, or all are in use"
              : String.format(
                  Locale.ROOT,
                  "%d of %d events, about %d s more",
                  state.getFolded(),
                  state.getOffset() - state.getFromOffset(),
                  seconds(state)));
    }

    private void say(String what) {
      err().println(commandName() + ": " + what);
      err().flush();
    }

    private static long seconds(PastState state) {
      return TimeUnit.MILLISECONDS.toSeconds(state.getLeftMs() + 999L);
    }
  }

  private final PastListener announcer = new Announcer();

  /** Hears what opening takes. */
  final PastListener announcer() {
    return announcer;
  }

  /** Reads a point in time or an offset. */
  static Moment moment(String option, String text) throws CliException {
    return Moments.parse(option, text, Instant.now(), ZoneId.systemDefault());
  }

  /** Opens the state at what was typed. */
  final PastView past(String option, String text) throws IOException {
    return client().past(moment(option, text), announcer);
  }
}
