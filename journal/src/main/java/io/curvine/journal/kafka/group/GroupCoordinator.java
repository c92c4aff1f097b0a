/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import io.curvine.journal.kafka.group.GroupJournal.Kept;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.ConsumerGroup;
import io.curvine.protocol.proto.GroupOffset;
import io.curvine.protocol.proto.GroupPartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps all consumer groups while this master leads. One thread owns them; it loads what the last
 * leader left, and forgets everything when the leadership ends: whoever waits then is told to look
 * for the coordinator again. A commit, and a member's share, are told only once they are journaled.
 * What waits to be done is bounded by the connections, each of which has one request open.
 * Thread-safe.
 */
public final class GroupCoordinator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCoordinator.class);
  private static final long TICK_MILLIS = 50;
  private static final long LOAD_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long EXPIRY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long CLOSE_MILLIS = 5_000;

  private enum Role {
    FOLLOWS(Errors.NOT_COORDINATOR),
    LOADS(Errors.COORDINATOR_LOAD_IN_PROGRESS),
    LEADS(Errors.NONE);

    private final Errors error;

    Role(Errors error) {
      this.error = error;
    }
  }

  private final GroupJournal journal;
  private final long retentionNanos;
  private final LongSupplier clockNanos;
  private final LongSupplier epochNanos;
  private final ScheduledExecutorService thread;

  // Of the thread.
  private final Map<String, HeldGroup> groups = new HashMap<>();
  private Role role = Role.FOLLOWS;
  private long loadDueNanos;
  private long expiryDueNanos;

  /**
   * A coordinator that follows until it is told that this master leads.
   *
   * @param retention how long a group without members is kept after its last use
   * @param clockNanos as {@link System#nanoTime}
   * @param epochNanos the time since 1970
   */
  public GroupCoordinator(
      GroupJournal journal, Duration retention, LongSupplier clockNanos, LongSupplier epochNanos) {
    this.journal = journal;
    this.retentionNanos = retention.toNanos();
    this.clockNanos = clockNanos;
    this.epochNanos = epochNanos;
    this.thread = Executors.newSingleThreadScheduledExecutor(GroupCoordinator::newThread);
    thread.scheduleWithFixedDelay(
        guarded(this::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static Thread newThread(Runnable task) {
    Thread made = new Thread(task, "consumer-groups");
    made.setDaemon(true);
    return made;
  }

  /** This master leads, and has applied all that earlier leaders committed. */
  public void leadershipBegins() {
    later(
        () -> {
          dropAll();
          role = Role.LOADS;
          load();
        });
  }

  /** Another one may lead. */
  public void leadershipEnds() {
    later(
        () -> {
          dropAll();
          role = Role.FOLLOWS;
        });
  }

  private void load() {
    long now = now();
    loadDueNanos = now + LOAD_RETRY_NANOS;
    Kept kept = journal.load();
    groups.clear();
    for (ConsumerGroup saved : kept.groups()) {
      Group group = Group.restore(saved, GroupCoordinator::newId, now);
      groups.put(saved.getName(), new HeldGroup(group, saved.getSavedNanos()));
    }
    kept.offsets()
        .forEach(
            (name, offsets) -> {
              HeldGroup held = groups.computeIfAbsent(name, this::empty);
              offsets.forEach(
                  offset -> held.committed(List.of(offset), offset.getCommittedNanos()));
            });
    expiryDueNanos = now + EXPIRY_NANOS;
    role = Role.LEADS;
    LOG.info("coordinates {} consumer groups", groups.size());
  }

  private HeldGroup empty(String name) {
    return new HeldGroup(new Group(name, GroupCoordinator::newId), 0);
  }

  private static String newId(String prefix) {
    return prefix + "-" + UUID.randomUUID();
  }

  private void dropAll() {
    groups.values().forEach(held -> held.group().end(Errors.NOT_COORDINATOR));
    groups.clear();
  }

  /** Completes when this master was still the leader after it was asked. */
  public CompletableFuture<Void> confirmLeading() {
    return journal.confirmLeading();
  }

  // Members.

  /** Completes when the member is in a generation, or is refused. */
  public CompletableFuture<JoinAnswer> join(String name, JoinRequest request) {
    String id = request.member().memberId();
    Function<Errors, JoinAnswer> refused = error -> JoinAnswer.refused(error, id);
    Errors wrong = JoinCheck.wrong(name, request);
    if (wrong != Errors.NONE) {
      return CompletableFuture.completedFuture(refused.apply(wrong));
    }
    return ask(
        refused,
        () -> {
          HeldGroup held = id.isEmpty() ? heldOrNew(name) : groups.get(name);
          if (held == null) {
            Errors none = id.isEmpty() ? Errors.GROUP_MAX_SIZE_REACHED : Errors.UNKNOWN_MEMBER_ID;
            return CompletableFuture.completedFuture(refused.apply(none));
          }
          CompletableFuture<JoinAnswer> answer = held.group().join(request, now());
          save(held);
          return answer;
        });
  }

  /** Completes when the leader has assigned. */
  public CompletableFuture<SyncAnswer> sync(String name, SyncRequest request) {
    return ask(
        error -> SyncAnswer.refused(Group.inSync(error)),
        () -> {
          HeldGroup held = groups.get(name);
          if (held == null) {
            return CompletableFuture.completedFuture(SyncAnswer.refused(Errors.UNKNOWN_MEMBER_ID));
          }
          CompletableFuture<SyncAnswer> answer = held.group().sync(request, now());
          save(held);
          return answer;
        });
  }

  /** A sign of life; tells whether the member is to join again. */
  public CompletableFuture<Errors> heartbeat(String name, Identity who, int generation) {
    return ask(
        // Consumers know no such error here, and will hear soon enough whether they are members.
        error -> error == Errors.COORDINATOR_LOAD_IN_PROGRESS ? Errors.NONE : error,
        () -> {
          HeldGroup held = groups.get(name);
          return CompletableFuture.completedFuture(
              held == null
                  ? Errors.UNKNOWN_MEMBER_ID
                  : held.group().heartbeat(who, generation, now()));
        });
  }

  /** Members go; one outcome for each. */
  public CompletableFuture<List<Errors>> leave(String name, List<Identity> leaving) {
    return ask(
        error -> leaving.stream().map(each -> error).toList(),
        () -> {
          HeldGroup held = groups.get(name);
          if (held == null) {
            return CompletableFuture.completedFuture(
                leaving.stream().map(each -> Errors.UNKNOWN_MEMBER_ID).toList());
          }
          List<Errors> outcomes =
              leaving.stream().map(each -> held.group().leave(each, now())).toList();
          save(held);
          return CompletableFuture.completedFuture(outcomes);
        });
  }

  // Offsets.

  /**
   * Completes when the offsets are journaled.
   *
   * @param generation negative: by a consumer that is no member
   * @param offsets at most {@link Limits#GROUP_COMMIT_MAX_OFFSETS}, each of a topic that is served
   */
  public CompletableFuture<Errors> commit(
      String name, Identity who, int generation, List<GroupOffset> offsets) {
    if (!JoinCheck.isName(name)) {
      return CompletableFuture.completedFuture(Errors.INVALID_GROUP_ID);
    }
    if (offsets.size() > Limits.GROUP_COMMIT_MAX_OFFSETS) {
      return CompletableFuture.completedFuture(Errors.INVALID_REQUEST);
    }
    return ask(
        Function.identity(),
        () -> {
          HeldGroup held = generation < 0 ? heldOrNew(name) : groups.get(name);
          if (held == null) {
            return CompletableFuture.completedFuture(
                generation < 0 ? Errors.GROUP_MAX_SIZE_REACHED : Errors.ILLEGAL_GENERATION);
          }
          Errors refusal = held.group().mayCommit(who, generation, now());
          return refusal != Errors.NONE || offsets.isEmpty()
              ? CompletableFuture.completedFuture(refusal)
              : commit(held, generation, offsets);
        });
  }

  private CompletableFuture<Errors> commit(
      HeldGroup held, int generation, List<GroupOffset> offsets) {
    held.commitBegins(epochNanos.getAsLong());
    CompletableFuture<Errors> answer = new CompletableFuture<>();
    journal
        .commit(held.group().name(), Math.max(-1, generation), offsets)
        .whenComplete(
            (done, failure) ->
                later(
                    answer,
                    () -> {
                      held.commitEnds();
                      if (failure == null) {
                        held.committed(offsets, epochNanos.getAsLong());
                      }
                      return GroupErrors.of(failure);
                    }));
    return answer;
  }

  /** What a group has committed, as of some moment after this was asked. */
  public CompletableFuture<FetchedOffsets> offsets(String name) {
    return ask(
        error -> new FetchedOffsets(error, Map.of()),
        () -> {
          HeldGroup held = groups.get(name);
          Map<GroupPartition, GroupOffset> offsets =
              held == null ? Map.of() : Map.copyOf(held.offsets());
          // Another leader may have newer ones, and this one not know yet that it was deposed.
          return journal
              .confirmLeading()
              .handle(
                  (leads, failure) ->
                      failure == null
                          ? new FetchedOffsets(Errors.NONE, offsets)
                          : new FetchedOffsets(GroupErrors.of(failure), Map.of()));
        });
  }

  /** Forgets offsets, but not of topics that a member reads. */
  public CompletableFuture<DeletedOffsets> deleteOffsets(
      String name, List<GroupPartition> partitions) {
    if (partitions.size() > Limits.GROUP_COMMIT_MAX_OFFSETS) {
      return CompletableFuture.completedFuture(DeletedOffsets.refused(Errors.INVALID_REQUEST));
    }
    return ask(
        DeletedOffsets::refused,
        () -> {
          HeldGroup held = groups.get(name);
          if (held == null || held.group().state() == GroupState.DEAD) {
            return CompletableFuture.completedFuture(
                DeletedOffsets.refused(Errors.GROUP_ID_NOT_FOUND));
          }
          return deleteOffsets(held, partitions);
        });
  }

  private CompletableFuture<DeletedOffsets> deleteOffsets(
      HeldGroup held, List<GroupPartition> partitions) {
    Map<GroupPartition, Errors> outcomes = new HashMap<>();
    for (GroupPartition partition : partitions) {
      boolean read = held.group().isSubscribedTo(partition.getTopic());
      outcomes.put(partition, read ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE);
    }
    List<GroupPartition> free =
        outcomes.keySet().stream().filter(each -> outcomes.get(each) == Errors.NONE).toList();
    if (free.isEmpty()) {
      return CompletableFuture.completedFuture(new DeletedOffsets(Errors.NONE, outcomes));
    }
    CompletableFuture<DeletedOffsets> answer = new CompletableFuture<>();
    journal
        .deleteOffsets(held.group().name(), free)
        .whenComplete(
            (done, failure) ->
                later(
                    answer,
                    () -> {
                      if (failure == null) {
                        free.forEach(held.offsets()::remove);
                      }
                      return new DeletedOffsets(GroupErrors.of(failure), outcomes);
                    }));
    return answer;
  }

  // What operators ask.

  /** All groups. */
  public CompletableFuture<ListedGroups> list() {
    return ask(
        error -> new ListedGroups(error, List.of()),
        () ->
            CompletableFuture.completedFuture(
                new ListedGroups(
                    Errors.NONE,
                    groups.values().stream().map(held -> held.group().describe()).toList())));
  }

  /** One group; dead where it is not there. */
  public CompletableFuture<DescribedGroup> describe(String name) {
    return ask(
        error -> new DescribedGroup(error, Described.unknown(name)),
        () -> {
          HeldGroup held = groups.get(name);
          return CompletableFuture.completedFuture(
              new DescribedGroup(
                  Errors.NONE, held == null ? Described.unknown(name) : held.group().describe()));
        });
  }

  /** Forgets a group without members, with its offsets. */
  public CompletableFuture<Errors> delete(String name) {
    return ask(
        Function.identity(),
        () -> {
          HeldGroup held = groups.get(name);
          if (held == null || held.group().state() == GroupState.DEAD) {
            return CompletableFuture.completedFuture(Errors.GROUP_ID_NOT_FOUND);
          }
          return held.group().state() == GroupState.EMPTY
              ? delete(held)
              : CompletableFuture.completedFuture(Errors.NON_EMPTY_GROUP);
        });
  }

  private CompletableFuture<Errors> delete(HeldGroup held) {
    String name = held.group().name();
    held.group().beginDeletion();
    CompletableFuture<Errors> answer = new CompletableFuture<>();
    journal
        .delete(name)
        .whenComplete((done, failure) -> later(answer, () -> deleted(held, failure)));
    return answer;
  }

  private Errors deleted(HeldGroup held, Throwable failure) {
    Errors error = GroupErrors.of(failure);
    // It has only been promised ids: the journal never heard of it.
    if (error == Errors.NONE || error == Errors.GROUP_ID_NOT_FOUND) {
      groups.remove(held.group().name(), held);
      return Errors.NONE;
    }
    held.group().deletionFailed();
    return error;
  }

  // Time.

  private void tick() {
    long now = now();
    if (role == Role.LOADS && now - loadDueNanos >= 0) {
      load();
    }
    if (role != Role.LEADS) {
      return;
    }
    long epoch = epochNanos.getAsLong();
    for (HeldGroup held : List.copyOf(groups.values())) {
      if (held.group().hasMembers()) {
        held.used(epoch);
      }
      held.group().tick(now);
      save(held);
      if (held.isUnused()) {
        groups.remove(held.group().name());
      }
    }
    if (now - expiryDueNanos >= 0) {
      expiryDueNanos = now + EXPIRY_NANOS;
      expire(epoch);
    }
  }

  private void expire(long epoch) {
    for (HeldGroup held : List.copyOf(groups.values())) {
      if (held.isIdle() && epoch - held.usedNanos() >= retentionNanos) {
        LOG.info("consumer group {} was not used for long and is forgotten", held.group().name());
        CompletableFuture<Errors> unused = delete(held);
      }
    }
  }

  private long now() {
    return clockNanos.getAsLong();
  }

  // The thread.

  private HeldGroup heldOrNew(String name) {
    HeldGroup held = groups.get(name);
    if (held == null && groups.size() < GroupLimits.GROUPS_MAX) {
      held = new HeldGroup(new Group(name, GroupCoordinator::newId), epochNanos.getAsLong());
      groups.put(name, held);
    }
    return held;
  }

  /** Journals what the group has to say, in its order. */
  private void save(HeldGroup held) {
    for (Save save : held.group().takeSaves()) {
      journal
          .save(save.group())
          .whenComplete(
              (done, failure) ->
                  later(
                      () -> {
                        save.ended().accept(GroupErrors.of(failure), now());
                        save(held);
                      }));
    }
  }

  private <T> CompletableFuture<T> ask(
      Function<Errors, T> refused, Supplier<CompletableFuture<T>> question) {
    try {
      return CompletableFuture.supplyAsync(
              () ->
                  role == Role.LEADS
                      ? question.get()
                      : CompletableFuture.completedFuture(refused.apply(role.error)),
              thread)
          .thenCompose(Function.identity());
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(refused.apply(Errors.NOT_COORDINATOR));
    }
  }

  /** Completes the answer on the thread; cancels it once that is closed. */
  private <T> void later(CompletableFuture<T> answer, Supplier<T> conclusion) {
    Runnable conclude =
        () -> {
          try {
            answer.complete(conclusion.get());
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        };
    if (!later(conclude)) {
      answer.cancel(false);
    }
  }

  /** Whether the thread takes it; false once that is closed. */
  private boolean later(Runnable task) {
    try {
      thread.execute(guarded(task));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.error("the coordinator of consumer groups failed and goes on", e);
      }
    };
  }

  /** Answers everybody who waits, and ends. */
  @Override
  public void close() {
    leadershipEnds();
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.warn("the coordinator of consumer groups did not end in {} ms", CLOSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
