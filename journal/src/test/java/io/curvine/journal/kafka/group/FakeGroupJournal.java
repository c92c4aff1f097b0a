/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ConsumerGroup;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GroupOffset;
import io.curvine.protocol.proto.GroupPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps groups in memory as the masters do in their state, refuses what their deciders refuse, and
 * holds back or fails what it is asked when a test says so. Thread-safe.
 */
public final class FakeGroupJournal implements GroupJournal {
  private final Map<String, ConsumerGroup> groups = new TreeMap<>();
  private final Map<String, Map<GroupPartition, GroupOffset>> offsets = new TreeMap<>();
  private final List<Runnable> held = new ArrayList<>();
  private boolean holding;
  private ErrorCode failure = ErrorCode.OK;
  private int saves;
  private int failures;
  private boolean unreadable;

  @Override
  public synchronized Kept load() {
    if (unreadable) {
      throw new IllegalStateException("cannot be read, as the test said");
    }
    Map<String, List<GroupOffset>> kept = new HashMap<>();
    offsets.forEach((group, all) -> kept.put(group, List.copyOf(all.values())));
    return new Kept(List.copyOf(groups.values()), kept);
  }

  /** From now on nothing is done before {@link #release}. */
  public synchronized void hold() {
    holding = true;
  }

  /** Does what was held back. */
  public void release() {
    List<Runnable> now;
    synchronized (this) {
      holding = false;
      now = List.copyOf(held);
      held.clear();
    }
    now.forEach(Runnable::run);
  }

  /** How many changes are held back. */
  public synchronized int heldBack() {
    return held.size();
  }

  /** From now on everything fails; OK: nothing. */
  public synchronized void fail(ErrorCode code) {
    failure = code;
  }

  /** Groups that were saved so far. */
  public synchronized int saves() {
    return saves;
  }

  /** Changes that failed because a test said so. */
  public synchronized int failures() {
    return failures;
  }

  /** Whether from now on loading fails. */
  synchronized void unreadable(boolean fails) {
    unreadable = fails;
  }

  synchronized ConsumerGroup group(String name) {
    return groups.get(name);
  }

  synchronized Map<GroupPartition, GroupOffset> offsets(String group) {
    return Map.copyOf(offsets.getOrDefault(group, Map.of()));
  }

  @Override
  public synchronized CompletableFuture<Void> confirmLeading() {
    return failure == ErrorCode.OK
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(new CurvineException(failure, "as the test said"));
  }

  @Override
  public CompletableFuture<Void> save(ConsumerGroup group) {
    return change(
        () -> {
          requireNotOver(group.getName(), group.getGeneration());
          saves++;
          groups.put(group.getName(), group);
        });
  }

  @Override
  public CompletableFuture<Void> commit(String group, int generation, List<GroupOffset> committed) {
    return change(
        () -> {
          if (generation >= 0) {
            requireNotOver(group, generation);
          }
          committed.forEach(
              offset ->
                  offsets
                      .computeIfAbsent(group, name -> new HashMap<>())
                      .put(HeldGroup.partition(offset), offset));
        });
  }

  private void requireNotOver(String name, int generation) throws CurvineException {
    ConsumerGroup before = groups.get(name);
    if (before != null && generation < before.getGeneration()) {
      throw new CurvineException(ErrorCode.FENCED, "generation " + generation + " is over");
    }
  }

  @Override
  public CompletableFuture<Void> delete(String group) {
    return change(
        () -> {
          ConsumerGroup saved = groups.get(group);
          if (saved != null && saved.getMembersCount() > 0) {
            throw new CurvineException(ErrorCode.NOT_EMPTY, group + " has members");
          }
          if (saved == null && !offsets.containsKey(group)) {
            throw new CurvineException(ErrorCode.NOT_FOUND, "no group " + group);
          }
          groups.remove(group);
          offsets.remove(group);
        });
  }

  @Override
  public CompletableFuture<Void> deleteOffsets(String group, List<GroupPartition> partitions) {
    return change(() -> offsets.getOrDefault(group, Map.of()).keySet().removeAll(partitions));
  }

  /** A change, or its refusal. */
  @FunctionalInterface
  private interface Change {
    void run() throws CurvineException;
  }

  private CompletableFuture<Void> change(Change change) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Runnable task = () -> run(change, done);
    synchronized (this) {
      if (holding) {
        held.add(task);
        return done;
      }
    }
    task.run();
    return done;
  }

  private void run(Change change, CompletableFuture<Void> done) {
    try {
      synchronized (this) {
        if (failure != ErrorCode.OK) {
          failures++;
          throw new CurvineException(failure, "as the test said");
        }
        change.run();
      }
      done.complete(null);
    } catch (CurvineException e) {
      done.completeExceptionally(e);
    }
  }
}
