/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import com.google.protobuf.ByteString;
import io.curvine.master.query.Found;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.io.Pace;
import io.curvine.protocol.proto.ComparePasts;
import io.curvine.protocol.proto.Difference;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FetchHistory;
import io.curvine.protocol.proto.HistoryPage;
import io.curvine.protocol.proto.OpenPast;
import io.curvine.protocol.proto.PastState;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.QueryPast;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Looks back, on this master's disk. Blocks but where it says otherwise. Thread-safe. */
public final class Past {
  private static final int HISTORY_LIMIT_DEFAULT = 1_000;
  private static final int HISTORY_LIMIT_MAX = 10_000;
  private static final int SCANS_MAX = 16;

  /** Of one answer; the next one goes on. */
  private static final long SCAN_NANOS = 500_000_000L;

  private final PastStates states;
  private final PastSources sources;
  private final Supplier<StateStore> live;

  /** The newest last. */
  private final Map<String, Search> searches = new LinkedHashMap<>();

  /** A search that can go on, and whose it is. */
  private record Search(Principal principal, ByteString path, HistoryScan scan) {}

  /**
   * @param live the state as it is now
   */
  public Past(PastStates states, PastSources sources, Supplier<StateStore> live) {
    this.states = states;
    this.sources = sources;
    this.live = live;
  }

  /**
   * Opens a state, or says what that would take; waits on no thread.
   *
   * @throws CurvineException OFFSET_OUT_OF_RANGE where nothing leads there
   */
  public CompletableFuture<PastState> open(OpenPast request) throws IOException {
    long offset = sources.offsetOf(request.getAt());
    long timeMs = sources.timeMs(offset);
    Duration wait = Duration.ofMillis(Integer.toUnsignedLong(request.getWaitMs()));
    CompletableFuture<PastStates.Standing> standing =
        request.getOnlyPlan()
            ? CompletableFuture.completedFuture(states.plan(offset))
            : states.open(offset, wait);
    return standing.thenApply(now -> toProto(now, timeMs));
  }

  private static PastState toProto(PastStates.Standing standing, long timeMs) {
    return PastState.newBuilder()
        .setOffset(standing.offset())
        .setTimeMs(timeMs)
        .setOpen(standing.open())
        .setFromOffset(standing.fromOffset())
        .setFolded(standing.folded())
        .setLeftMs((int) Math.min(Integer.MAX_VALUE, standing.leftMillis()))
        .setWaits(standing.waits())
        .build();
  }

  /** How a state stands that was asked and is not open. */
  public PastState closed(long offset) throws IOException {
    return toProto(states.plan(offset), 0);
  }

  /** Answers a query on an open state; empty where it is not open. */
  public Optional<Found> query(QueryPast request, Principal principal) throws IOException {
    return states.use(
        request.getOffset(), state -> PastQueries.find(state, request.getQuery(), principal));
  }

  /**
   * Goes on with a search for a while, or begins it.
   *
   * @throws CurvineException NOT_FOUND where nothing had the name; PERMISSION_DENIED
   */
  public HistoryPage history(FetchHistory request, Principal principal) throws IOException {
    long asked = Integer.toUnsignedLong(request.getLimit());
    int limit = asked == 0 ? HISTORY_LIMIT_DEFAULT : (int) Math.min(asked, HISTORY_LIMIT_MAX);
    HistoryScan scan = scan(request, principal);
    // Another answer to the same search would give the changes in two parts.
    synchronized (scan) {
      boolean goesOn = false;
      try {
        HistoryPage page = scan.next(limit, System.nanoTime() + SCAN_NANOS);
        goesOn = !page.getFinished();
        return page;
      } finally {
        if (!goesOn) {
          forget(request.getRequest());
        }
      }
    }
  }

  private HistoryScan scan(FetchHistory request, Principal principal) throws IOException {
    synchronized (searches) {
      Search known = searches.remove(request.getRequest());
      if (known != null
          && known.principal.equals(principal)
          && known.path.equals(request.getPath())
          && known.scan.isOf(sources.journal(), live.get())
          && known.scan.continuesAt(request.getBeforeOffset())) {
        searches.put(request.getRequest(), known);
        return known.scan;
      }
    }
    HistoryScan begun =
        new HistoryScan(sources.journal(), live.get(), principal, request, sources.range(request));
    if (!request.getRequest().isEmpty()) {
      synchronized (searches) {
        if (searches.size() >= SCANS_MAX) {
          // Whoever asks for it again has it begun anew.
          searches.remove(searches.keySet().iterator().next());
        }
        searches.put(request.getRequest(), new Search(principal, request.getPath(), begun));
      }
    }
    return begun;
  }

  private void forget(String request) {
    synchronized (searches) {
      searches.remove(request);
    }
  }

  /**
   * All differences between two open states; takes long where much has happened between.
   *
   * @param pace how fast it goes on, and whether it does
   * @return empty where one of them is not open
   */
  public Optional<List<Difference>> compare(ComparePasts request, Principal principal, Pace pace)
      throws IOException {
    long from = request.getFromOffset();
    long to = request.getToOffset();
    if (Long.compareUnsigned(to, from) < 0) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "the later state is at offset "
              + Long.toUnsignedString(to)
              + "; allowed: at or after "
              + Long.toUnsignedString(from)
              + ", the earlier one's");
    }
    if (request.getPath().size() > Limits.PATH_MAX_BYTES) {
      throw new CurvineException(
          ErrorCode.NAME_TOO_LONG,
          "a path has "
              + request.getPath().size()
              + " bytes; allowed: up to "
              + Limits.PATH_MAX_BYTES);
    }
    return states
        .use(
            from,
            before ->
                states.use(
                    to,
                    after -> {
                      Comparison comparison =
                          new Comparison(
                              before.store().view(),
                              after.store().view(),
                              new PastRights(principal),
                              request.getPath(),
                              pace);
                      sources.events(from, to, (offset, event) -> comparison.take(event));
                      return comparison.differences();
                    }))
        .flatMap(found -> found);
  }
}
