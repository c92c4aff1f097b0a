/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import io.curvine.master.MasterConfig;
import io.curvine.master.members.Member;
import io.curvine.master.members.MemberControl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * This master's part in Raft. Entries and reads are handed straight to the server in this process.
 * Thread-safe.
 */
public final class RaftNode implements Consensus, AutoCloseable {
  /** A larger entry is never committed. */
  public static final int ENTRY_MAX_BYTES = RaftSettings.ENTRY_MAX_BYTES - (1 << 20);

  private final RaftServer server;
  private final RaftGroupId groupId;
  private final RaftServer.Division division;
  private final JournalStateMachine machine;
  private final MemberControl members;
  private final ClientId self = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();

  private RaftNode(RaftServer server, JournalStateMachine machine, MasterConfig config)
      throws IOException {
    this.server = server;
    this.groupId = RaftGroupId.valueOf(groupUuid(config));
    this.machine = machine;
    this.division = server.getDivision(groupId);
    this.members =
        new RaftMembers(
            server, division, RaftSettings.transferMax(config), config.electionTimeoutMin());
  }

  /**
   * Starts the server; it recovers its log and takes part in elections when this returns.
   *
   * @param joins where the log does not say who the members are yet: this master waits for a leader
   *     that has it added, instead of forming a group of the peers of its configuration
   * @throws IOException where the log cannot be read or the port cannot be bound
   */
  public static RaftNode start(MasterConfig config, boolean joins, ReplicatedState state)
      throws IOException {
    RaftGroupId groupId = RaftGroupId.valueOf(groupUuid(config));
    Path storage = config.dataDir().resolve("raft");
    Files.createDirectories(storage);
    boolean known = Files.isDirectory(storage.resolve(groupId.getUuid().toString()));
    JournalStateMachine machine = new JournalStateMachine(state, config.pauseMax());
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(config.id()))
            .setGroup(RaftGroup.valueOf(groupId, firstPeers(config, joins)))
            .setStateMachine(machine)
            .setProperties(RaftSettings.of(config))
            .setParameters(new Parameters())
            .setOption(known ? RaftStorage.StartupOption.RECOVER : RaftStorage.StartupOption.FORMAT)
            .build();
    try {
      server.start();
      return new RaftNode(server, machine, config);
    } catch (IOException | RuntimeException e) {
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

  @Override
  public CompletableFuture<Void> submit(byte[] entry) {
    return send(
        Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)),
        RaftClientRequest.writeRequestType());
  }

  @Override
  public CompletableFuture<Void> readGate() {
    return send(Message.EMPTY, RaftClientRequest.readRequestType());
  }

  private CompletableFuture<Void> send(Message message, RaftClientRequest.Type type) {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(self)
            .setServerId(server.getId())
            .setGroupId(groupId)
            .setCallId(callIds.incrementAndGet())
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

  @Override
  public long leadingTerm() {
    DivisionInfo info = division.getInfo();
    long term = info.getCurrentTerm();
    return info.isLeader() && info.isLeaderReady() && info.getCurrentTerm() == term ? term : 0;
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

  /** Index of the last entry known to be committed; -1 where none is. */
  public long committedIndex() {
    return division.getRaftLog().getLastCommittedIndex();
  }

  @Override
  public void close() throws IOException {
    machine.closing();
    server.close();
  }
}
