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

/**
 * Has masters digest their states at the same entry. An idle cluster stands at the largest offset
 * that any of them has; a busy one has passed it before the question comes, and is asked for a
 * later one. For one thread.
 */
final class LiveHash {
  private static final int WAIT_MS = 2_000;
  private static final int ATTEMPTS_MAX = 12;
  private static final long REACH_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int STEP_KEYS_MAX = 250_000;
  private static final int STEP_DIVISOR = 500;

  private final AdminClient client;
  private final long deadlineNanos;
  private final Map<String, HostPort> masters = new LinkedHashMap<>();
  private final List<String> unreachable = new ArrayList<>();

  LiveHash(AdminClient client, long deadlineNanos) {
    this.client = client;
    this.deadlineNanos = deadlineNanos;
  }

  /** Members that could not be asked. */
  List<String> unreachable() {
    return List.copyOf(unreachable);
  }

  /**
   * Digests of all masters that answer, at one offset.
   *
   * @param at the offset; null: whichever they can all be asked for
   */
  List<Hashed> hash(Long at) throws IOException {
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

  /** Asks all for the same offset, and again for a later one where one has passed it. */
  private Map<String, StateHashed> ask(HashState.Builder question, Long at) throws IOException {
    if (at != null) {
      return askAt(question, at, deadlineNanos);
    }
    long before = find();
    long ahead = 0;
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      try {
        long patience = Math.min(deadlineNanos, System.nanoTime() + patience(attempt));
        return askAt(question, find() + ahead, attempt == 0 ? deadlineNanos : patience);
      } catch (CurvineException e) {
        if (e.code() != ErrorCode.OFFSET_OUT_OF_RANGE && e.code() != ErrorCode.NOT_READY) {
          throw e;
        }
      } catch (CliException e) {
        if (System.nanoTime() - deadlineNanos >= 0) {
          throw e;
        }
      }
      // As far ahead as the masters came while they were asked; nothing where the load has ended.
      long now = find();
      ahead = 2 * (now - before);
      before = now;
    }
    throw new CliException("the masters passed every offset that they were asked for; try again");
  }

  private static long patience(int attempt) {
    return REACH_NANOS * (attempt + 1);
  }

  private Map<String, StateHashed> askAt(HashState.Builder question, long offset, long untilNanos)
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
    try {
      Map<String, CompletableFuture<StateHashed>> asked = new LinkedHashMap<>();
      masters.forEach(
          (id, master) ->
              asked.put(
                  id,
                  CompletableFuture.supplyAsync(() -> one(master, request, untilNanos), askers)));
      Map<String, StateHashed> answers = new LinkedHashMap<>();
      for (Map.Entry<String, CompletableFuture<StateHashed>> each : asked.entrySet()) {
        answers.put(each.getKey(), each.getValue().join());
      }
      return answers;
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException carried) {
        throw carried.getCause();
      }
      throw e;
    } finally {
      askers.shutdownNow();
    }
  }

  private StateHashed one(HostPort master, AdminRequest request, long untilNanos) {
    try {
      return client
          .untilDone(master, request, reply -> reply.getStateHashed().getFinished(), untilNanos)
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
