/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.state;

import com.google.protobuf.ByteString;
import io.curvine.cli.CliException;
import io.curvine.cli.admin.AdminClient;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.tool.StateKeys;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.HashState;
import io.curvine.protocol.proto.HashedRange;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.StateHashed;
import io.curvine.protocol.proto.StepHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Has masters digest their states at the same entry. An idle cluster stands at the largest offset
 * that any of them has; a busy one has passed it before the question comes, and is asked for a
 * later one. For one thread.
 */
public final class LiveHash {
  private static final int WAIT_MS = 2_000;
  private static final int REFUSALS_MAX = 12;
  private static final int LEAD_MAX_LOG2 = 4;
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int STEP_KEYS_MAX = 250_000;
  private static final int STEP_DIVISOR = 500;

  private final AdminClient client;
  private final long deadlineNanos;
  private final Map<String, HostPort> masters = new LinkedHashMap<>();
  private final List<String> unreachable = new ArrayList<>();

  /**
   * @param deadlineNanos as {@link System#nanoTime}; for all that is asked
   */
  public LiveHash(AdminClient client, long deadlineNanos) {
    this.client = client;
    this.deadlineNanos = deadlineNanos;
  }

  /** Members that could not be asked. */
  public List<String> unreachable() {
    return List.copyOf(unreachable);
  }

  /**
   * Digests of all masters that answer, at one offset.
   *
   * @param at the offset; null: whichever they can all be asked for
   */
  public List<Hashed> hash(Long at) throws IOException {
    find();
    List<Hashed> all = new ArrayList<>();
    ask(HashState.newBuilder(), at)
        .forEach((id, hashed) -> all.add(new Hashed(id, hashed.getOffset(), families(hashed))));
    return all;
  }

  private static Map<String, Hashed.Family> families(StateHashed hashed) {
    Map<String, Hashed.Family> families = new HashMap<>();
    hashed
        .getFamiliesList()
        .forEach(
            each ->
                families.put(
                    each.getFamily(),
                    new Hashed.Family(
                        each.getKeys(), each.getBytes(), each.getSha256(), each.getFolded())));
    return families;
  }

  private long find() throws IOException {
    long largest = 0;
    unreachable.clear();
    masters.clear();
    for (MasterStatus master : client.masters().getMastersList()) {
      if (master.getPid() == 0) {
        unreachable.add(master.getNodeId());
      } else {
        masters.put(master.getNodeId(), HostPort.parse(master.getRpc()));
        largest = Math.max(largest, master.getAppliedOffset());
      }
    }
    if (masters.isEmpty()) {
      throw new CliException("no master answers");
    }
    return largest;
  }

  /**
   * Asks all for the same offset, and again for a later one where one has passed it. A master gives
   * up by itself what it does not reach; how long it digests is bounded by the deadline alone.
   */
  private Map<String, StateHashed> ask(HashState.Builder question, Long at) throws IOException {
    if (at != null) {
      return askUnlessBusy(question, at);
    }
    long before = find();
    long beforeNanos = System.nanoTime();
    long target = before;
    for (int refusals = 1; refusals <= REFUSALS_MAX; refusals++) {
      try {
        return askUnlessBusy(question, target);
      } catch (CurvineException e) {
        if (e.code() != ErrorCode.OFFSET_OUT_OF_RANGE && e.code() != ErrorCode.NOT_READY) {
          throw e;
        }
      } catch (CliException e) {
        if (isOver()) {
          throw e;
        }
      }
      // Long enough to see how fast they go; a busy one has time to get on.
      LockSupport.parkNanos(PAUSE_NANOS);
      long now = find();
      long nowNanos = System.nanoTime();
      target = now + ahead(now - before, nowNanos - beforeNanos, refusals);
      before = now;
      beforeNanos = nowNanos;
    }
    throw new CliException("the masters passed every offset that they were asked for; try again");
  }

  private boolean isOver() {
    return System.nanoTime() - deadlineNanos >= 0;
  }

  /** A master that has too many digests to make, of attempts that ended too, has fewer later. */
  private Map<String, StateHashed> askUnlessBusy(HashState.Builder question, long offset)
      throws IOException {
    while (true) {
      try {
        return askAt(question, offset);
      } catch (CurvineException e) {
        if (e.code() != ErrorCode.BUSY || isOver()) {
          throw e;
        }
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /**
   * How far ahead of masters to ask: as far as they come in 2 seconds, then in 4, and in 16 at most
   * - well below the minute for which they wait for an offset. Nothing where the load has ended.
   */
  static long ahead(long events, long inNanos, int refusals) {
    long leadSeconds = 1L << Math.max(1, Math.min(refusals, LEAD_MAX_LOG2));
    double perSecond = (double) Math.max(0, events) * TimeUnit.SECONDS.toNanos(1) / inNanos;
    return (long) Math.ceil(perSecond * leadSeconds);
  }

  /** Fails as soon as any master refuses. */
  private Map<String, StateHashed> askAt(HashState.Builder question, long offset)
      throws IOException {
    AdminRequest request =
        AdminRequest.newBuilder()
            .setHashState(
                question
                    .clone()
                    .setAtOffset(offset)
                    .setWaitMs(WAIT_MS)
                    .setRequest(UUID.randomUUID().toString()))
            .build();
    ExecutorService askers = Executors.newFixedThreadPool(masters.size());
    CompletableFuture<Void> all = new CompletableFuture<>();
    try {
      Map<String, CompletableFuture<StateHashed>> asked = new LinkedHashMap<>();
      masters.forEach(
          (id, master) ->
              asked.put(
                  id, CompletableFuture.supplyAsync(() -> one(master, request, all), askers)));
      for (CompletableFuture<StateHashed> each : asked.values()) {
        each.whenComplete(
            (hashed, failure) -> {
              if (failure != null) {
                all.completeExceptionally(failure);
              } else if (asked.values().stream().allMatch(CompletableFuture::isDone)) {
                all.complete(null);
              }
            });
      }
      all.join();
      Map<String, StateHashed> answers = new LinkedHashMap<>();
      asked.forEach((id, hashed) -> answers.put(id, hashed.join()));
      return answers;
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException carried) {
        throw carried.getCause();
      }
      throw e;
    } finally {
      askers.shutdown();
    }
  }

  /** Asks no more once the attempt has ended. */
  private StateHashed one(HostPort master, AdminRequest request, CompletableFuture<Void> attempt) {
    try {
      return client
          .untilDone(
              master,
              request,
              reply -> reply.getStateHashed().getFinished() || attempt.isDone(),
              deadlineNanos)
          .getStateHashed();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Where a family differs first, for people. The masters go on meanwhile: what differs is asked
   * for at later and later entries, in smaller and smaller steps.
   */
  String firstDifference(String family) throws IOException {
    ColumnFamily<?> known = StateKeys.family(family);
    HashedRange.Builder range = HashedRange.newBuilder().setFamily(family);
    for (int stepKeys = STEP_KEYS_MAX; ; stepKeys = Math.max(1, stepKeys / STEP_DIVISOR)) {
      range.clearSteps().setStepKeys(stepKeys);
      Map<String, StateHashed> answers = sameSteps(range);
      int differing = firstDiffering(answers);
      if (differing < 0) {
        return "no more at the next entry that was compared";
      }
      List<StepHash> steps = answers.values().iterator().next().getStepsList();
      Key first = Key.of(steps.get(differing).getFirst().toByteArray());
      if (stepKeys == 1) {
        return "at or after key " + StateKeys.text(known, first) + " on one of " + answers.keySet();
      }
      range.setFrom(steps.get(differing).getFirst());
      if (differing + 1 < steps.size()) {
        range.setTo(steps.get(differing + 1).getFirst());
      }
    }
  }

  /** The first master chooses the steps, then all digest those. */
  private Map<String, StateHashed> sameSteps(HashedRange.Builder range) throws IOException {
    StateHashed chosen =
        ask(HashState.newBuilder().setRange(range), null).values().iterator().next();
    List<ByteString> begins =
        chosen.getStepsList().stream().skip(1).map(StepHash::getFirst).toList();
    if (begins.isEmpty()) {
      return ask(HashState.newBuilder().setRange(range.setStepKeys(STEP_KEYS_MAX)), null);
    }
    return ask(HashState.newBuilder().setRange(range.clone().addAllSteps(begins)), null);
  }

  private static int firstDiffering(Map<String, StateHashed> answers) {
    List<StepHash> first = answers.values().iterator().next().getStepsList();
    for (int step = 0; step < first.size(); step++) {
      for (StateHashed other : answers.values()) {
        if (step >= other.getStepsCount()
            || !other.getSteps(step).getSha256().equals(first.get(step).getSha256())) {
          return step;
        }
      }
    }
    return -1;
  }
}
