/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.ConsumerGroup;
import io.curvine.protocol.proto.GroupMember;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;

/**
 * One consumer group under Kafka's classic protocol: members join, the leader among them shares out
 * the partitions, all learn their share, and a change of members begins this anew. It has no thread
 * and no clock: messages come with the time, answers are futures that a later message completes,
 * and what has to be journaled first is fetched by {@link #takeSaves}. Times are in nanoseconds of
 * any clock that does not run backwards. Not thread-safe.
 */
final class Group {
  private static final long SAVE_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String name;

  /** Makes an id that was never given, from what it is to begin with. */
  private final Function<String, String> newId;

  private final Members members = new Members();

  /** Ids that were given to clients that have not joined with them yet, and until when. */
  private final Map<String, Long> promised = new HashMap<>();

  private final List<Save> saves = new ArrayList<>();

  private GroupState state = GroupState.EMPTY;
  private int generation;
  private String protocolType = "";
  private String protocol = "";
  private String leader = "";

  /**
   * In PREPARING_REBALANCE: who has not joined by then is out; in COMPLETING: who has not synced.
   */
  private long deadlineNanos;

  /** In PREPARING_REBALANCE of a group that was empty: until then it waits for more members. */
  private long gatherUntilNanos;

  private boolean gathering;

  /** The leader's assignment is on its way into the journal. */
  private boolean assigning;

  /** It lost its last member, which the journal could not be told: to be tried again then. */
  private boolean endUnsaved;

  private long endDueNanos;

  Group(String name, Function<String, String> newId) {
    this.name = name;
    this.newId = newId;
  }

  /** The group as another leader saved it; its members' sessions begin anew. */
  static Group restore(ConsumerGroup saved, Function<String, String> newId, long nowNanos) {
    Group group = new Group(saved.getName(), newId);
    group.generation = saved.getGeneration();
    group.protocolType = saved.getProtocolType();
    group.protocol = saved.getProtocol();
    group.leader = saved.getLeader();
    for (GroupMember member : saved.getMembersList()) {
      group.members.add(new Member(member, saved.getProtocol(), nowNanos));
    }
    group.state = group.members.isEmpty() ? GroupState.EMPTY : GroupState.STABLE;
    return group;
  }

  String name() {
    return name;
  }

  GroupState state() {
    return state;
  }

  int generation() {
    return generation;
  }

  boolean hasMembers() {
    return !members.isEmpty();
  }

  /** Whether nobody would notice if it were forgotten, but for its offsets. */
  boolean isUnused() {
    return state == GroupState.EMPTY && generation == 0 && promised.isEmpty();
  }

  /** What has to be journaled now, in this order. */
  List<Save> takeSaves() {
    List<Save> taken = List.copyOf(saves);
    saves.clear();
    return taken;
  }

  // Joining.

  CompletableFuture<JoinAnswer> join(JoinRequest request, long now) {
    CompletableFuture<JoinAnswer> answer = new CompletableFuture<>();
    Identity who = request.member();
    Member known = who.isStatic() ? members.ofInstance(who.instanceId()) : find(who.memberId());
    Errors refusal = refusal(request, known);
    if (refusal != Errors.NONE) {
      answer.complete(JoinAnswer.refused(refusal, who.memberId()));
    } else if (who.memberId().isEmpty()) {
      joinWithoutId(request, known, answer, now);
    } else if (known == null) {
      promised.remove(who.memberId());
      add(who.memberId(), request, answer, now);
    } else {
      joinAgain(known, request, answer, now);
    }
    return answer;
  }

  private Member find(String id) {
    return id.isEmpty() ? null : members.find(id);
  }

  private Errors refusal(JoinRequest request, Member known) {
    Identity who = request.member();
    if (state == GroupState.DEAD) {
      return Errors.COORDINATOR_NOT_AVAILABLE;
    }
    if (!who.memberId().isEmpty()) {
      boolean kept = !who.isStatic() && promised.containsKey(who.memberId());
      Errors wrong = kept ? Errors.NONE : identify(who);
      if (wrong != Errors.NONE) {
        return wrong;
      }
    }
    boolean first = members.isEmpty();
    if (request.protocols().isEmpty()
        || request.protocolType().isEmpty()
        || (!first && !protocolType.equals(request.protocolType()))
        || !members.agree(request.protocols(), known)) {
      return Errors.INCONSISTENT_GROUP_PROTOCOL;
    }
    return known == null ? roomFor(request) : Errors.NONE;
  }

  private Errors roomFor(JoinRequest request) {
    int promisedToOthers =
        promised.size() - (promised.containsKey(request.member().memberId()) ? 1 : 0);
    boolean full =
        members.count() + promisedToOthers >= GroupLimits.MEMBERS_MAX
            || members.subscriptionBytes() + request.subscriptionBytes()
                > GroupLimits.GROUP_MAX_BYTES / 2;
    return full ? Errors.GROUP_MAX_SIZE_REACHED : Errors.NONE;
  }

  /** Whether a member is who it says it is. */
  private Errors identify(Identity who) {
    if (who.isStatic()) {
      Member holder = members.ofInstance(who.instanceId());
      if (holder == null) {
        return Errors.UNKNOWN_MEMBER_ID;
      }
      return holder.id().equals(who.memberId()) ? Errors.NONE : Errors.FENCED_INSTANCE_ID;
    }
    return members.find(who.memberId()) == null ? Errors.UNKNOWN_MEMBER_ID : Errors.NONE;
  }

  private void joinWithoutId(
      JoinRequest request, Member known, CompletableFuture<JoinAnswer> answer, long now) {
    Identity who = request.member();
    if (known != null) {
      replace(known, request, answer, now);
    } else if (who.isStatic()) {
      add(newId.apply(who.instanceId()), request, answer, now);
    } else {
      String id = newId.apply(request.client().id());
      if (request.takesIdFirst()) {
        promised.put(id, now + millis(request.timeouts().sessionMs()));
        answer.complete(JoinAnswer.refused(Errors.MEMBER_ID_REQUIRED, id));
      } else {
        add(id, request, answer, now);
      }
    }
  }

  private void add(String id, JoinRequest request, CompletableFuture<JoinAnswer> answer, long now) {
    if (members.isEmpty()) {
      protocolType = request.protocolType();
    }
    Member member = new Member(id, request, now);
    members.add(member);
    member.waitToJoin(answer);
    rebalance(now);
    if (gathering) {
      long gatherMore = now + millis(GroupLimits.INITIAL_REBALANCE_DELAY_MS);
      gatherUntilNanos = gatherMore - deadlineNanos < 0 ? gatherMore : deadlineNanos;
    }
  }

  private void joinAgain(
      Member member, JoinRequest request, CompletableFuture<JoinAnswer> answer, long now) {
    boolean asBefore = member.protocols().equals(request.protocols());
    boolean answerWasLost =
        asBefore
            && (state == GroupState.COMPLETING_REBALANCE
                || (state == GroupState.STABLE && !leader.equals(member.id())));
    member.heard(now);
    if (answerWasLost) {
      answer.complete(missed(member));
      return;
    }
    member.update(request);
    member.waitToJoin(answer);
    rebalance(now);
  }

  /** The generation as a member is told of it that missed the answer to its join. */
  private JoinAnswer missed(Member member) {
    boolean assigns =
        state == GroupState.COMPLETING_REBALANCE && leader.equals(member.id()) && !assigning;
    return joinAnswer(member, leader, false, assigns);
  }

  private JoinAnswer joinAnswer(Member member, String toldLeader, boolean skip, boolean all) {
    List<JoinAnswer.Joined> joined =
        all
            ? members.all().stream()
                .map(each -> new JoinAnswer.Joined(each.identity(), each.subscription(protocol)))
                .toList()
            : List.of();
    return new JoinAnswer(
        Errors.NONE, member.id(), generation, protocolType, protocol, toldLeader, skip, joined);
  }

  /**
   * A static member has come back as another process. Its share stays its own, without a rebalance,
   * unless the group would now agree on another protocol.
   */
  private void replace(
      Member member, JoinRequest request, CompletableFuture<JoinAnswer> answer, long now) {
    String oldId = member.id();
    boolean leads = leader.equals(oldId);
    members.remove(member);
    member.become(newId.apply(request.member().instanceId()), request);
    members.add(member);
    member.heard(now);
    if (leads) {
      leader = member.id();
    }
    if (state != GroupState.STABLE || !members.vote().equals(protocol)) {
      member.waitToJoin(answer);
      rebalance(now);
      return;
    }
    // A leader that cannot be told to skip the assignment must not know that it leads.
    boolean skips = leads && request.knowsToSkip();
    String toldLeader = leads && !skips ? oldId : leader;
    JoinAnswer stays = joinAnswer(member, toldLeader, skips, skips);
    saves.add(
        new Save(
            image(Map.of(), true),
            (error, later) -> answer.complete(afterReplacement(error, stays))));
  }

  private JoinAnswer afterReplacement(Errors error, JoinAnswer stays) {
    if (error != Errors.NONE) {
      return JoinAnswer.refused(error, stays.memberId());
    }
    boolean holds = state == GroupState.STABLE && generation == stays.generation();
    return holds ? stays : JoinAnswer.refused(Errors.REBALANCE_IN_PROGRESS, stays.memberId());
  }

  // Rebalancing.

  /** The members or what they say has changed: all must join again. */
  private void rebalance(long now) {
    if (state != GroupState.PREPARING_REBALANCE) {
      if (state == GroupState.COMPLETING_REBALANCE) {
        SyncAnswer again = SyncAnswer.refused(Errors.REBALANCE_IN_PROGRESS);
        members.all().forEach(member -> member.answerSync(again, now));
      }
      gathering = state == GroupState.EMPTY;
      gatherUntilNanos = now + millis(GroupLimits.INITIAL_REBALANCE_DELAY_MS);
      deadlineNanos = now + millis(members.maxRebalanceTimeoutMs());
      assigning = false;
      state = GroupState.PREPARING_REBALANCE;
    }
    completeIfAllJoined(now);
  }

  private void completeIfAllJoined(long now) {
    if (state == GroupState.PREPARING_REBALANCE
        && (members.isEmpty()
            || (!gathering && promised.isEmpty() && members.all(Member::rejoined)))) {
      completeJoin(now);
    }
  }

  /** Who has joined is in; static members stay until their session ends. */
  private void completeJoin(long now) {
    members.select(member -> !member.rejoined() && !member.isStatic()).forEach(members::remove);
    if (members.isEmpty()) {
      becomeEmpty();
      return;
    }
    List<Member> joined = members.select(Member::rejoined);
    deadlineNanos = now + millis(members.maxRebalanceTimeoutMs());
    if (joined.isEmpty()) {
      return;
    }
    gathering = false;
    generation++;
    protocol = members.vote();
    if (joined.stream().noneMatch(member -> member.id().equals(leader))) {
      leader = joined.get(0).id();
    }
    state = GroupState.COMPLETING_REBALANCE;
    members.all().forEach(member -> member.assign(ByteString.EMPTY));
    joined.forEach(
        member ->
            member.joined(joinAnswer(member, leader, false, leader.equals(member.id())), now));
  }

  private void becomeEmpty() {
    gathering = false;
    generation++;
    protocol = "";
    leader = "";
    state = GroupState.EMPTY;
    saveEnd();
  }

  private void saveEnd() {
    int ended = generation;
    endUnsaved = false;
    saves.add(
        new Save(
            image(Map.of(), false),
            (error, later) -> {
              endUnsaved = error != Errors.NONE && state == GroupState.EMPTY && generation == ended;
              endDueNanos = later + SAVE_RETRY_NANOS;
            }));
  }

  // Sharing out.

  CompletableFuture<SyncAnswer> sync(SyncRequest request, long now) {
    CompletableFuture<SyncAnswer> answer = new CompletableFuture<>();
    Errors refusal = refusal(request);
    if (refusal != Errors.NONE) {
      answer.complete(SyncAnswer.refused(refusal));
      return answer;
    }
    Member member = members.find(request.member().memberId());
    if (state == GroupState.STABLE) {
      member.waitToSync(answer);
      member.answerSync(share(member), now);
      return answer;
    }
    member.waitToSync(answer);
    if (leader.equals(member.id()) && !assigning) {
      assign(request.assignments(), now);
    }
    return answer;
  }

  private Errors refusal(SyncRequest request) {
    if (state == GroupState.DEAD) {
      return Errors.COORDINATOR_NOT_AVAILABLE;
    }
    Errors wrong = identify(request.member());
    if (wrong != Errors.NONE) {
      return wrong;
    }
    if (request.generation() != generation) {
      return Errors.ILLEGAL_GENERATION;
    }
    if (!isOrAbsent(request.protocolType(), protocolType)
        || !isOrAbsent(request.protocol(), protocol)) {
      return Errors.INCONSISTENT_GROUP_PROTOCOL;
    }
    return state == GroupState.PREPARING_REBALANCE ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
  }

  private static boolean isOrAbsent(String said, String is) {
    return said.isEmpty() || said.equals(is);
  }

  private SyncAnswer share(Member member) {
    return new SyncAnswer(Errors.NONE, protocolType, protocol, member.assignment());
  }

  private void assign(Map<String, ByteString> assignments, long now) {
    ConsumerGroup image = image(assignments, false);
    if (image.getSerializedSize() > GroupLimits.GROUP_MAX_BYTES) {
      failAssignment(Errors.GROUP_MAX_SIZE_REACHED, now);
      return;
    }
    assigning = true;
    saves.add(new Save(image, (error, later) -> assigned(image, error, later)));
  }

  private void assigned(ConsumerGroup image, Errors error, long now) {
    boolean current =
        state == GroupState.COMPLETING_REBALANCE && generation == image.getGeneration();
    if (!current) {
      return;
    }
    assigning = false;
    if (error != Errors.NONE) {
      failAssignment(error, now);
      return;
    }
    state = GroupState.STABLE;
    for (GroupMember saved : image.getMembersList()) {
      members.find(saved.getId()).assign(saved.getAssignment());
    }
    for (Member member : members.all()) {
      member.answerSync(share(member), now);
    }
  }

  private void failAssignment(Errors error, long now) {
    SyncAnswer failed = SyncAnswer.refused(inSync(error));
    members.all().forEach(member -> member.answerSync(failed, now));
    rebalance(now);
  }

  /** Consumers take an error that they do not expect of a sync for the end; a rebalance is none. */
  static Errors inSync(Errors error) {
    return error == Errors.COORDINATOR_LOAD_IN_PROGRESS ? Errors.REBALANCE_IN_PROGRESS : error;
  }

  /**
   * The group as it is to be journaled.
   *
   * @param kept the shares are those that the members have
   */
  private ConsumerGroup image(Map<String, ByteString> assignments, boolean kept) {
    ConsumerGroup.Builder image =
        ConsumerGroup.newBuilder()
            .setName(name)
            .setGeneration(generation)
            .setProtocolType(protocolType)
            .setProtocol(protocol)
            .setLeader(leader);
    for (Member member : members.all()) {
      ByteString share =
          kept ? member.assignment() : assignments.getOrDefault(member.id(), ByteString.EMPTY);
      image.addMembers(member.toProto(protocol, share));
    }
    return image.build();
  }

  // Signs of life, and their end.

  Errors heartbeat(Identity who, int ofGeneration, long now) {
    Errors wrong = current(who, ofGeneration, now);
    if (wrong != Errors.NONE) {
      return wrong;
    }
    return state == GroupState.PREPARING_REBALANCE ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
  }

  /** Whether it is a member of this generation; a sign of life if so. */
  private Errors current(Identity who, int ofGeneration, long now) {
    if (state == GroupState.DEAD) {
      return Errors.COORDINATOR_NOT_AVAILABLE;
    }
    Errors wrong = identify(who);
    if (wrong != Errors.NONE) {
      return wrong;
    }
    if (ofGeneration != generation) {
      return Errors.ILLEGAL_GENERATION;
    }
    members.find(who.memberId()).heard(now);
    return Errors.NONE;
  }

  /**
   * Whether offsets may be committed by this one.
   *
   * @param ofGeneration negative: by a consumer that is no member of any group, which may where
   *     there are no members
   */
  Errors mayCommit(Identity who, int ofGeneration, long now) {
    if (ofGeneration < 0 && state == GroupState.EMPTY) {
      return Errors.NONE;
    }
    if (ofGeneration < 0 && state != GroupState.DEAD && who.memberId().isEmpty()) {
      return Errors.UNKNOWN_MEMBER_ID;
    }
    Errors wrong = current(who, ofGeneration, now);
    if (wrong != Errors.NONE) {
      return wrong;
    }
    return state == GroupState.COMPLETING_REBALANCE ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
  }

  /** A member goes; an operator may name a static one by its instance alone. */
  Errors leave(Identity who, long now) {
    if (state == GroupState.DEAD) {
      return Errors.COORDINATOR_NOT_AVAILABLE;
    }
    if (!who.isStatic() && promised.remove(who.memberId()) != null) {
      completeIfAllJoined(now);
      return Errors.NONE;
    }
    Member named =
        who.isStatic() && who.memberId().isEmpty() ? members.ofInstance(who.instanceId()) : null;
    Errors wrong = named == null ? identify(who) : Errors.NONE;
    if (wrong == Errors.NONE) {
      remove(named == null ? members.find(who.memberId()) : named);
      removed(now);
    }
    return wrong;
  }

  private void remove(Member member) {
    members.remove(member);
    member.release(Errors.UNKNOWN_MEMBER_ID);
  }

  private void removed(long now) {
    switch (state) {
      case STABLE, COMPLETING_REBALANCE -> rebalance(now);
      case PREPARING_REBALANCE -> completeIfAllJoined(now);
      case EMPTY, DEAD -> {}
    }
  }

  /** Time has passed: who is silent for too long is out. */
  void tick(long now) {
    boolean forgotten = promised.values().removeIf(until -> now - until >= 0);
    List<Member> silent = members.select(member -> member.isSilent(now));
    silent.forEach(this::remove);
    if (!silent.isEmpty()) {
      removed(now);
    } else if (forgotten) {
      completeIfAllJoined(now);
    }
    switch (state) {
      case PREPARING_REBALANCE -> {
        if (now - (gathering ? gatherUntilNanos : deadlineNanos) >= 0) {
          completeJoin(now);
        }
      }
      case COMPLETING_REBALANCE -> {
        if (!assigning && now - deadlineNanos >= 0) {
          members.select(Member::owesSync).forEach(this::remove);
          rebalance(now);
        }
      }
      case EMPTY -> {
        if (endUnsaved && now - endDueNanos >= 0) {
          saveEnd();
        }
      }
      case STABLE, DEAD -> {}
    }
  }

  // The end of the group, or of this leadership.

  /** Nobody may join while it is deleted; only without members. */
  void beginDeletion() {
    requireState(GroupState.EMPTY);
    state = GroupState.DEAD;
  }

  /** It could not be deleted. */
  void deletionFailed() {
    requireState(GroupState.DEAD);
    state = GroupState.EMPTY;
  }

  private void requireState(GroupState required) {
    if (state != required) {
      throw new IllegalStateException("group " + name + " is " + state + ", not " + required);
    }
  }

  /** Answers everybody who waits; the group is used no more. */
  void end(Errors error) {
    members.all().forEach(member -> member.release(error));
    state = GroupState.DEAD;
  }

  /** Whether a member may read the topic; where that cannot be told, yes. */
  boolean isSubscribedTo(String topic) {
    return members.all().stream()
        .flatMap(member -> member.protocols().stream())
        .anyMatch(each -> Subscriptions.mayContain(protocolType, each.subscription(), topic));
  }

  Described describe() {
    boolean stable = state == GroupState.STABLE;
    return new Described(
        name,
        state,
        protocolType,
        stable ? protocol : "",
        members.all().stream()
            .map(
                member ->
                    new Described.Member(
                        member.identity(),
                        member.client(),
                        stable ? member.subscription(protocol) : ByteString.EMPTY,
                        stable ? member.assignment() : ByteString.EMPTY))
            .toList());
  }

  private static long millis(int millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
