/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.journal.EventSlice;
import io.curvine.journal.JournalLog;
import io.curvine.journal.kafka.group.Assigned;
import io.curvine.journal.mirror.MirrorProgress;
import io.curvine.master.leader.Reply;
import io.curvine.master.state.view.StateView;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ConsumerGroup;
import io.curvine.protocol.proto.EndFloor;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FeedFloor;
import io.curvine.protocol.proto.FeedGroup;
import io.curvine.protocol.proto.FeedMember;
import io.curvine.protocol.proto.FeedPlace;
import io.curvine.protocol.proto.FeedState;
import io.curvine.protocol.proto.FloorState;
import io.curvine.protocol.proto.GroupMember;
import io.curvine.protocol.proto.GroupOffset;
import io.curvine.protocol.proto.KeepForFeed;
import io.curvine.protocol.proto.MirrorState;
import io.curvine.protocol.proto.RemoveFeedFloor;
import io.curvine.protocol.proto.SetFeedFloor;
import io.curvine.protocol.rpc.RpcResponder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who follows the feed, and what is kept for them. The leader's; thread-safe. */
public final class FeedAdmin {
  private static final long NONE_UNREAD = 0;
  private static final long DROPPED = -1;
  private static final long UNKNOWN = -2;
  private static final Logger LOG = LoggerFactory.getLogger(FeedAdmin.class);

  private final NodeView node;
  private final Supplier<StateStore> state;
  private final Supplier<JournalLog> journal;
  private final Function<Command, CompletableFuture<Reply>> propose;
  private final Supplier<List<MirrorProgress>> mirrors;
  private final LongSupplier epochNanos;
  private final Executor threads;

  /**
   * @param mirrors how far copies into another cluster are
   * @param epochNanos the clock that events bear
   * @param threads bounded; the journal is read there
   */
  public FeedAdmin(
      NodeView node,
      Supplier<StateStore> state,
      Supplier<JournalLog> journal,
      Function<Command, CompletableFuture<Reply>> propose,
      Supplier<List<MirrorProgress>> mirrors,
      LongSupplier epochNanos,
      Executor threads) {
    this.node = node;
    this.state = state;
    this.journal = journal;
    this.propose = propose;
    this.mirrors = mirrors;
    this.epochNanos = epochNanos;
    this.threads = threads;
  }

  void tell(RpcResponder responder) {
    LeaderWork.answer(node, this::told, responder);
  }

  void keep(KeepForFeed asked, RpcResponder responder) {
    FeedFloor floor =
        FeedFloor.newBuilder()
            .setName(asked.getName())
            .setGroup(asked.getGroup())
            .setOffset(asked.getOffset())
            .build();
    LeaderWork.answer(
        node,
        () -> done(Command.newBuilder().setSetFeedFloor(SetFeedFloor.newBuilder().setFloor(floor))),
        responder);
  }

  void end(EndFloor asked, RpcResponder responder) {
    LeaderWork.answer(
        node,
        () ->
            done(
                Command.newBuilder()
                    .setRemoveFeedFloor(RemoveFeedFloor.newBuilder().setName(asked.getName()))),
        responder);
  }

  private CompletableFuture<AdminReply.Builder> done(Command.Builder command) {
    return propose.apply(command.build()).thenCompose(Reply::accepted).thenCompose(done -> told());
  }

  private CompletableFuture<AdminReply.Builder> told() {
    return BlockingWork.begin(
        threads,
        "too many requests are waiting already; try later",
        () -> AdminReply.newBuilder().setFeedState(feedState()));
  }

  private FeedState feedState() {
    JournalLog log = journal.get();
    return state.get().read(view -> feedState(view, log));
  }

  private FeedState feedState(StateView view, JournalLog log) {
    FeedState.Builder told =
        FeedState.newBuilder()
            .setFirstOffset(log.startOffset())
            .setNextOffset(view.meta().nextOffset());
    groups(view, log).values().forEach(told::addGroups);
    mirrors.get().forEach(mirror -> told.addMirrors(mirror(mirror)));
    for (FeedFloor floor : view.floors().all()) {
      long offset = view.floors().offsetOf(floor);
      told.addFloors(
          FloorState.newBuilder()
              .setFloor(floor)
              .setOffset(offset)
              .setBytes(log.bytesFrom(offset))
              .setPassed(offset < log.startOffset()));
    }
    return told.build();
  }

  private static MirrorState mirror(MirrorProgress progress) {
    return MirrorState.newBuilder()
        .setPlace(
            FeedPlace.newBuilder()
                .setTopic(progress.topic())
                .setOffset(progress.nextOffset().orElse(-1))
                .setLagEvents(progress.lagEvents().orElse(-1))
                .setLagMs(progress.lagEvents().isEmpty() ? UNKNOWN : progress.lag().toMillis()))
        .setCopy(progress.copy())
        .setState(progress.state().word())
        .setSkipped(progress.skipped())
        .setDetail(progress.detail())
        .build();
  }

  /** Those that have only offsets too: consumers that take their partitions themselves. */
  private Map<String, FeedGroup.Builder> groups(StateView view, JournalLog log) {
    Map<String, FeedGroup.Builder> groups = new TreeMap<>();
    view.groups().scan(group -> groups.put(group.getName(), group(group)));
    view.groups()
        .scanOffsets(
            (name, offset) ->
                groups
                    .computeIfAbsent(name, absent -> FeedGroup.newBuilder().setName(absent))
                    .addPlaces(place(offset, view.meta().nextOffset(), log)));
    return groups;
  }

  private static FeedGroup.Builder group(ConsumerGroup group) {
    FeedGroup.Builder told =
        FeedGroup.newBuilder()
            .setName(group.getName())
            .setGeneration(group.getGeneration())
            .setProtocol(group.getProtocol());
    for (GroupMember member : group.getMembersList()) {
      told.addMembers(
          FeedMember.newBuilder()
              .setId(member.getId())
              .setInstanceId(member.getInstanceId())
              .setClientId(member.getClientId())
              .setClientHost(member.getClientHost())
              .addAllTopics(Assigned.topics(member)));
    }
    return told;
  }

  private FeedPlace place(GroupOffset at, long nextOffset, JournalLog log) {
    return FeedPlace.newBuilder()
        .setTopic(at.getTopic())
        .setOffset(at.getOffset())
        .setLagEvents(Math.max(0, nextOffset - at.getOffset()))
        .setLagMs(unreadForMillis(at.getOffset(), nextOffset, log))
        .setCommittedNanos(at.getCommittedNanos())
        .build();
  }

  private long unreadForMillis(long offset, long nextOffset, JournalLog log) {
    if (offset >= nextOffset) {
      return NONE_UNREAD;
    }
    try {
      EventSlice next = log.read(offset, 1);
      if (next.events().isEmpty()) {
        return NONE_UNREAD;
      }
      long since = epochNanos.getAsLong() - next.events().get(0).getTimeNanos();
      return Math.max(1, TimeUnit.NANOSECONDS.toMillis(since));
    } catch (IOException e) {
      boolean dropped =
          e instanceof CurvineException refused && refused.code() == ErrorCode.OFFSET_OUT_OF_RANGE;
      if (!dropped) {
        // The others are told all the same; 'journal verify' says what is wrong with it.
        LOG.warn("the event at offset {} cannot be read", offset, e);
      }
      return dropped ? DROPPED : UNKNOWN;
    }
  }
}
