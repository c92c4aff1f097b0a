/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import io.curvine.master.MasterConfig;
import io.curvine.master.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
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
  private final ClientId self = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();

  private RaftNode(RaftServer server, RaftGroupId groupId) throws IOException {
    this.server = server;
    this.groupId = groupId;
    this.division = server.getDivision(groupId);
  }

  /**
   * Starts the server; it recovers its log and takes part in elections when this returns.
   *
   * @throws IOException where the log cannot be read or the port cannot be bound
   */
  public static RaftNode start(MasterConfig config, ReplicatedState state, Probation probation)
      throws IOException {
    RaftGroupId groupId = RaftGroupId.valueOf(groupUuid(config));
    List<RaftPeer> peers = config.members().stream().map(RaftNode::peer).toList();
    Path storage = config.dataDir().resolve("raft");
    Files.createDirectories(storage);
    boolean known = Files.isDirectory(storage.resolve(groupId.getUuid().toString()));
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(config.id()))
            .setGroup(RaftGroup.valueOf(groupId, peers))
            .setStateMachine(new JournalStateMachine(state))
            .setProperties(RaftSettings.of(config))
            .setParameters(VotingRpcType.parameters(probation))
            .setOption(known ? RaftStorage.StartupOption.RECOVER : RaftStorage.StartupOption.FORMAT)
            .build();
    try {
      server.start();
      return new RaftNode(server, groupId);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e instanceof IOException io
          ? io
          : new IOException("cannot start Raft in " + storage + ": " + e.getMessage(), e);
    }
  }

  /** The group of these masters; other peers are another group. */
  public static UUID groupUuid(MasterConfig config) {
    StringBuilder names = new StringBuilder("curvine");
    config.members().stream()
        .sorted(Comparator.comparing(Peer::id))
        .forEach(peer -> names.append(',').append(peer.id()).append('=').append(peer.raft()));
    return UUID.nameUUIDFromBytes(names.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static RaftPeer peer(Peer peer) {
    return RaftPeer.newBuilder().setId(peer.id()).setAddress(peer.raft().toString()).build();
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

  /** leader, follower or candidate. */
  public String role() {
    return division.getInfo().getCurrentRole().name().toLowerCase(Locale.ROOT);
  }

  /** Node id of the leader, where one is known. */
  public Optional<String> leaderId() {
    return Optional.ofNullable(division.getInfo().getLeaderId())
        .map(RaftPeerId::toString)
        .filter(id -> !id.isEmpty());
  }

  /** Index of the last entry known to be committed; -1 where none is. */
  public long committedIndex() {
    return division.getRaftLog().getLastCommittedIndex();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
