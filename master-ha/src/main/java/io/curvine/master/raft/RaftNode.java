/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import io.curvine.master.MasterConfig;
import io.curvine.master.members.Member;
import io.curvine.master.members.MemberControl;
import io.curvine.master.read.ReadLease;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This master's part in Raft. Entries are handed straight to the server in this process.
 * Thread-safe.
 */
public final class RaftNode implements AutoCloseable {
  /** A larger entry is never committed. */
  public static final int ENTRY_MAX_BYTES = RaftSettings.ENTRY_MAX_BYTES - (1 << 20);

  private static final Logger LOG = LoggerFactory.getLogger(RaftNode.class);

  private final RaftServer server;
  private final RaftGroupId groupId;
  private final RaftServer.Division division;
  private final JournalStateMachine machine;
  private final MemberControl members;
  private final Proposals proposals;
  private final LeaderWatch watch;
  private final Tenure tenure;

  private RaftNode(
      RaftServer server,
      JournalStateMachine machine,
      Proposals proposals,
      LeaderWatch watch,
      MasterConfig config,
      ReplicatedState state)
      throws IOException {
    this.server = server;
    this.machine = machine;
    this.proposals = proposals;
    this.watch = watch;
    this.groupId = RaftGroupId.valueOf(groupUuid(config));
    this.division = server.getDivision(groupId);
    this.members =
        new RaftMembers(
            server, division, RaftSettings.transferMax(config), config.electionTimeoutMin());
    this.tenure =
        new Tenure(ReadLease.NEW_LEADER_WAIT, System::nanoTime, () -> roleChangesLater(state));
  }

  private static void roleChangesLater(ReplicatedState state) {
    CompletableFuture.delayedExecutor(
            ReadLease.NEW_LEADER_WAIT.toMillis() + 1, TimeUnit.MILLISECONDS)
        .execute(state::roleChanged);
  }

  /**
   * Starts the server; it recovers its log and takes part in elections when this returns.
   *
   * @param joins where the log does not say who the members are yet: this master waits for a leader
   *     that has it added, instead of forming a group of the peers of its configuration
   * @param standings asks other masters how they would stand for election
   * @throws IOException where the log cannot be read or the port cannot be bound
   */
  public static RaftNode start(
      MasterConfig config,
      boolean joins,
      ReplicatedState state,
      Probation probation,
      LeaderWatch.Standings standings)
      throws IOException {
    RaftGroupId groupId = RaftGroupId.valueOf(groupUuid(config));
    Path storage = config.dataDir().resolve("raft");
    Files.createDirectories(storage);
    Proposals proposals = new Proposals();
    boolean known = Files.isDirectory(storage.resolve(groupId.getUuid().toString()));
    JournalStateMachine machine = new JournalStateMachine(state, proposals, config.pauseMax());
    LeaderWatch watch = new LeaderWatch(probation, standings);
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(config.id()))
            .setGroup(RaftGroup.valueOf(groupId, firstPeers(config, joins)))
            .setStateMachine(machine)
            .setProperties(RaftSettings.of(config))
            .setParameters(VotingRpcType.parameters(probation, watch))
            .setOption(known ? RaftStorage.StartupOption.RECOVER : RaftStorage.StartupOption.FORMAT)
            .build();
    try {
      server.start();
      watch.begin(server, groupId);
      return new RaftNode(server, machine, proposals, watch, config, state);
    } catch (IOException | RuntimeException e) {
      watch.close();
      machine.closing();
      server.close();
      throw e instanceof IOException io
          ? io
          : new IOException("cannot start Raft in " + storage + ": " + e.getMessage(), e);
    }
  }

  /**
   * The members until the log tells. One that joins begins as the listener of nobody: it neither
   * votes nor stands for election, and takes the role that the leader's log gives it. With no
   * members at all a future listener would be a follower until its next start, and shut itself down
   * at its first election.
   */
  private static List<RaftPeer> firstPeers(MasterConfig config, boolean joins) {
    if (joins) {
      return List.of(RaftPeers.of(new Member(config.self(), true, Member.PRIORITY_DEFAULT)));
    }
    return config.members().stream().map(Member::voting).map(RaftPeers::of).toList();
  }

  /** The group of the cluster of that name, whoever its members are. */
  public static UUID groupUuid(MasterConfig config) {
    String name = "curvine:" + config.clusterName();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  /** Who the members are. */
  public MemberControl members() {
    return members;
  }

  /** See {@link Consensus#submit}. */
  public CompletableFuture<Void> submit(byte[] entry, Object known) {
    long callId = proposals.add(known);
    Message message = Message.valueOf(UnsafeByteOperations.unsafeWrap(entry));
    return send(callId, message, RaftClientRequest.writeRequestType())
        .whenComplete((done, failure) -> proposals.remove(callId));
  }

  /**
   * Completes when this master has applied what the leader had committed at some time after the
   * call, by that leader's own word: its read index is passed without asking a majority where it
   * was confirmed before, so a leader that is cut off gives an old one.
   *
   * @param executor may be held up for a moment: Ratis waits for a thread of its own when it is
   *     asked, and answers on its apply thread under a lock that such a question needs
   */
  public CompletableFuture<Void> catchUp(Executor executor) {
    return CompletableFuture.supplyAsync(
            () -> send(proposals.nextCallId(), Message.EMPTY, RaftClientRequest.readRequestType()),
            executor)
        .thenCompose(sent -> sent)
        .thenRunAsync(() -> {}, executor);
  }

  /**
   * Has the leader tell this master soon what is committed, where it follows. A leader with nothing
   * else to send tells its followers by its next heartbeat, up to half an election timeout later;
   * one that is asked for a read index sends that heartbeat at once. Nothing relies on the answer.
   *
   * @param executor as in {@link #catchUp}
   */
  public CompletableFuture<Void> hurry(Executor executor) {
    return catchUp(executor)
        .exceptionally(
            failure -> {
              LOG.debug("the leader could not be asked to hurry: {}", failure.toString());
              return null;
            });
  }

  private CompletableFuture<Void> send(long callId, Message message, RaftClientRequest.Type type) {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(proposals.proposer())
            .setServerId(server.getId())
            .setGroupId(groupId)
            .setCallId(callId)
            .setMessage(message)
            .setType(type)
            .build();
    try {
      return server.submitClientRequestAsync(request).thenAccept(RaftNode::requireSuccess);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static void requireSuccess(RaftClientReply reply) {
    if (!reply.isSuccess()) {
      throw new java.util.concurrent.CompletionException(reply.getException());
    }
  }

  /** See {@link Consensus#leadingTerm}. */
  public long leadingTerm() {
    DivisionInfo info = division.getInfo();
    long term = info.getCurrentTerm();
    if (!info.isLeader() || info.getCurrentTerm() != term) {
      return 0;
    }
    // Asked before the leader is ready, or the wait would begin later than it could.
    boolean mayAct = tenure.mayAct(term);
    return mayAct && info.isLeaderReady() && info.getCurrentTerm() == term ? term : 0;
  }

  /**
   * Whose votes elect a leader, as this master knows it: a majority of the first set, and while
   * members change of each set.
   */
  public List<Set<String>> voters() {
    RaftConfiguration now = division.getRaftConf();
    Set<String> current = ids(now.getCurrentPeers());
    Set<String> previous = ids(now.getPreviousPeers());
    return previous.isEmpty() ? List.of(current) : List.of(current, previous);
  }

  /** RPC address of a member, of one too that leaves by the change under way. */
  public Optional<HostPort> rpc(String id) {
    return Optional.ofNullable(
            division
                .getRaftConf()
                .getPeer(RaftPeerId.valueOf(id), RaftPeerRole.FOLLOWER, RaftPeerRole.LISTENER))
        .map(peer -> HostPort.parse(peer.getClientAddress()));
  }

  private static Set<String> ids(Collection<RaftPeer> peers) {
    return peers.stream().map(peer -> peer.getId().toString()).collect(Collectors.toSet());
  }

  /** Names the group of masters. */
  public String group() {
    return groupId.getUuid().toString();
  }

  /** How this master would stand for election. */
  public LeaderWatch.Standing standing() {
    return LeaderWatch.standing(division);
  }

  public long term() {
    return division.getInfo().getCurrentTerm();
  }

  /** leader, follower, candidate or listener. */
  public String role() {
    return division.getInfo().getCurrentRole().name().toLowerCase(Locale.ROOT);
  }

  /** Node id of the leader, where one is known. */
  public Optional<String> leaderId() {
    return members.leaderId();
  }

  /**
   * What this master's Raft log has.
   *
   * @param first index of the oldest entry that it keeps
   * @param last of the newest; less than {@code first} where it has none
   */
  public record LogRange(long first, long last) {}

  /** The log now. */
  public LogRange log() {
    RaftLog log = division.getRaftLog();
    TermIndex last = log.getLastEntryTermIndex();
    return new LogRange(
        log.getStartIndex(), last == null ? log.getStartIndex() - 1 : last.getIndex());
  }

  /** Index of the last entry known to be committed; -1 where none is. */
  public long committedIndex() {
    return division.getRaftLog().getLastCommittedIndex();
  }

  @Override
  public void close() throws IOException {
    watch.close();
    machine.closing();
    server.close();
  }
}
