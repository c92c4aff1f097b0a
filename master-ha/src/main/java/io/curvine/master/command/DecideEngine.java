/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.journal.StoredEvent;
import io.curvine.master.apply.Projection;
import io.curvine.master.apply.SealedEntry;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Overlay;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.Refused;
import io.curvine.master.state.view.StateView;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandOutcome;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.JournalEntry;
import io.curvine.protocol.proto.Subject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides commands on the leader: the committed state with the overlay of what was decided and is
 * not applied yet. Events change the overlay through the same appliers that will change the state.
 * Wraps deduplication around all deciders. Owned by the decide thread.
 */
public final class DecideEngine {
  private static final Logger LOG = LoggerFactory.getLogger(DecideEngine.class);

  private final StateStore store;
  private final LongSupplier clockNanos;
  private final Subjects subjects = new Subjects();

  /** Sealed and not applied yet, oldest first; each lies over the one before. */
  private final Deque<SealedEntry> inFlight = new ArrayDeque<>();

  private Overlay overlay;
  private Projection projection;
  private JournalEntry.Builder entry;
  private List<StoredEvent> events;
  private boolean entryRequired;

  /**
   * An engine without anything in flight.
   *
   * @param clockNanos since the epoch
   */
  public DecideEngine(StateStore store, LongSupplier clockNanos) {
    this.store = store;
    this.clockNanos = clockNanos;
    beginEntry(0);
  }

  /** Forgets what is in flight: a leadership begins or ended, or an entry was void. */
  public void reset() {
    inFlight.clear();
    subjects.forget();
    beginEntry(0);
  }

  /** What is decided next goes into this entry; ids must grow. */
  public void beginEntry(long entryId) {
    overlay = new Overlay(inFlight.isEmpty() ? store : inFlight.getLast().changes());
    projection = new Projection(overlay);
    entryRequired = false;
    events = new ArrayList<>();
    entry =
        JournalEntry.newBuilder()
            .setEntryId(entryId)
            .setEpoch(view().meta().get(Counter.EPOCH))
            .setFirstOffset(view().meta().nextOffset());
  }

  /** Decides one command; its events join the entry. */
  public Decision decide(Command command) {
    try {
      return decideOnce(command);
    } catch (Refused refused) {
      return new Decision.Refused(refused.code(), refused.getMessage());
    } catch (NeedsUfs needs) {
      return new Decision.NeedsUfs(needs.directories());
    }
  }

  private Decision decideOnce(Command command) throws Refused, NeedsUfs {
    boolean inSession = command.getSessionId() != 0;
    if (inSession) {
      CommandResult before = earlierResult(command);
      if (before != null) {
        return new Decision.Unchanged(before);
      }
    } else if (Deciders.needsSession(command)) {
      throw new Refused(ErrorCode.SESSION_EXPIRED, "the command needs a session; open one first");
    }
    long now = Math.max(clockNanos.getAsLong(), view().meta().get(Counter.LAST_TIME_NANOS));
    Context context = new Context(overlay, view(), now, command);
    try {
      Deciders.decide(command, context);
    } catch (StoreException e) {
      throw e; // Another master's disk may be better.
    } catch (RuntimeException e) {
      // Nothing of it has had an effect. Who went on without an answer would ask the next leader.
      LOG.error("a command {} could not be decided", command.getCommandCase(), e);
      throw new Refused(
          ErrorCode.INTERNAL,
          "the master could not decide the command: " + e.getMessage() + "; its log says more");
    }
    entryRequired |= context.entryRequired();
    return conclude(command, context, now);
  }

  private CommandResult earlierResult(Command command) throws Refused {
    if (!view().sessions().exists(command.getSessionId())) {
      throw new Refused(
          ErrorCode.SESSION_EXPIRED,
          "session " + command.getSessionId() + " is not open; open a new one");
    }
    requireInWindow(command);
    return view().sessions().result(command.getSessionId(), command.getSeq());
  }

  /** Outside of the window the outcome may have been forgotten, and a retry would be done again. */
  private void requireInWindow(Command command) throws Refused {
    long seq = command.getSeq();
    long acked = command.getAckedBelow();
    long seen = view().sessions().progress(command.getSessionId()).ackedBelow();
    if (seq < 1
        || acked < 0
        || seq < acked
        || seq < seen
        || seq - Math.max(1, acked) >= Limits.SESSION_WINDOW_MAX_COMMANDS) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "seq is "
              + Long.toUnsignedString(seq)
              + " with acked_below "
              + Long.toUnsignedString(acked)
              + "; allowed: from the highest acked_below so far, "
              + Math.max(seen, acked)
              + ", and from 1, less than "
              + Limits.SESSION_WINDOW_MAX_COMMANDS
              + " ahead of acked_below");
    }
  }

  private Decision conclude(Command command, Context context, long now) {
    if (context.events().isEmpty()) {
      return new Decision.Unchanged(
          context.result().setOffset(Math.max(0, view().meta().nextOffset() - 1)).build());
    }
    for (Event.Builder draft : context.events()) {
      Subject subject = subjects.before(draft, view().namespace());
      if (subject != null) {
        draft.setSubject(subject);
      }
      Event event =
          draft
              .setTimeNanos(now)
              .setPrincipal(command.getPrincipal())
              .setSessionId(command.getSessionId())
              .setSeq(command.getSeq())
              .build();
      projection.apply(event);
      subjects.passed(event);
      StoredEvent stored = StoredEvent.of(event);
      events.add(stored);
      entry.addEvents(stored.bytes());
      if (event.hasLeadershipClaimed()) {
        entry.setEpoch(event.getLeadershipClaimed().getEpoch());
      }
    }
    CommandResult.Builder answer = context.result().setOffset(view().meta().nextOffset() - 1);
    if (answer.hasInode()) {
      answer.setInode(view().namespace().require(answer.getInode().getId()));
    }
    CommandResult result = answer.build();
    if (command.getSessionId() != 0) {
      // Where to write is soft: one who asks again asks for that by itself.
      CommandResult kept = answer.clearTargets().build();
      CommandOutcome outcome =
          CommandOutcome.newBuilder()
              .setSessionId(command.getSessionId())
              .setSeq(command.getSeq())
              .setAckedBelow(command.getAckedBelow())
              .setEventsBefore(events.size())
              .setInode(answer.getInode().getId())
              .setResult(answer.clearInode())
              .build();
      projection.record(outcome, kept);
      entry.addOutcomes(outcome);
    }
    return new Decision.Accepted(result);
  }

  /** The entry with all that was decided since it began; null where nothing needs one. */
  public SealedEntry seal() {
    if (events.isEmpty() && !entryRequired) {
      return null;
    }
    SealedEntry sealed = new SealedEntry(entry.build(), events, overlay);
    inFlight.addLast(sealed);
    return sealed;
  }

  /** The committed state has this entry now, and those before it. */
  public void entryApplied(long entryId) {
    while (!inFlight.isEmpty() && inFlight.getFirst().id() <= entryId) {
      inFlight.removeFirst();
    }
    (inFlight.isEmpty() ? overlay : inFlight.getFirst().changes()).rebase(store);
  }

  private StateView view() {
    return projection.view();
  }
}
