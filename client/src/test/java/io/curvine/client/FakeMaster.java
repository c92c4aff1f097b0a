/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.InodeNumbers;
import io.curvine.protocol.Limits;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.AllocateBlock;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.BlockRecord;
import io.curvine.protocol.proto.BlockTarget;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandBatch;
import io.curvine.protocol.proto.CommandBatchReply;
import io.curvine.protocol.proto.CommandReply;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.CommitFile;
import io.curvine.protocol.proto.CommittedBlock;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.protocol.proto.FirstContent;
import io.curvine.protocol.proto.GetLayout;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.JobStates;
import io.curvine.protocol.proto.KeepAliveReply;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.QueryResult;
import io.curvine.protocol.proto.UfsSource;
import io.curvine.protocol.rpc.RpcServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A master with files in memory behind the real RPC server, with faults to order. Every worker that
 * it knows is a location of what the UFS has.
 */
final class FakeMaster implements AutoCloseable {
  private final RpcServer server;
  private final Map<Integer, FakeWorker> workers;
  private final Map<String, Long> names = new HashMap<>();
  private final Map<Long, Inode> inodes = new HashMap<>();
  private final Map<Long, TreeMap<Integer, BlockRecord>> records = new HashMap<>();
  private final Map<Long, UfsSource> sources = new HashMap<>();
  private final Map<Long, Map<Long, CommandResult>> sessions = new HashMap<>();
  private long lastInode = 1;
  private long lastVersion = 1;
  private long lastSession;

  /** Every request, in the order it came. */
  final List<MasterRequest> seen = new ArrayList<>();

  /** An answer instead of the real one; null: the real one. */
  volatile Function<MasterRequest, MasterResponse> instead = request -> null;

  /** The real answer is thrown away where this gives one. */
  volatile Function<MasterRequest, MasterResponse> after = request -> null;

  volatile int blockSizeBytes = 1 << 20;
  volatile int replicas = 1;

  /** An answer to CreateFile says where the first block goes. */
  volatile boolean offersFirstBlock = true;

  volatile List<Long> jobsOfChanges = List.of();
  volatile Map<Long, JobState> jobs = Map.of();

  FakeMaster(Map<Integer, FakeWorker> workers) throws IOException {
    this.workers = workers;
    this.server =
        RpcServer.start(
            new HostPort("127.0.0.1", 0),
            1,
            (request, responder) -> {
              synchronized (this) {
                seen.add(request);
              }
              MasterResponse faked = instead.apply(request);
              MasterResponse response = faked != null ? faked : answer(request);
              MasterResponse replaced = faked != null ? null : after.apply(request);
              responder.respond(replaced != null ? replaced : response);
            });
  }

  HostPort address() {
    return new HostPort("127.0.0.1", server.port());
  }

  synchronized List<Command> commands() {
    return seen.stream().filter(MasterRequest::hasCommand).map(MasterRequest::getCommand).toList();
  }

  synchronized List<CommandBatch> batches() {
    return seen.stream()
        .filter(MasterRequest::hasCommandBatch)
        .map(MasterRequest::getCommandBatch)
        .toList();
  }

  static MasterResponse refusal(ErrorCode code, String message) {
    return MasterResponse.newBuilder().setCode(code).setMessage(message).build();
  }

  /** A file that the UFS has and no worker. */
  synchronized long ufsFile(String path, byte[] content, String version) {
    long id = names.computeIfAbsent(path, name -> ++lastInode);
    long contentVersion = ++lastVersion;
    inodes.put(
        id,
        file(id)
            .setVersion(contentVersion)
            .setBaseVersion(contentVersion)
            .setBaseLengthBytes(content.length)
            .setLengthBytes(content.length)
            .setExportedVersion(contentVersion)
            .build());
    records.put(id, new TreeMap<>());
    sources.put(
        id,
        UfsSource.newBuilder()
            .setMountId(1)
            .setPath(com.google.protobuf.ByteString.copyFromUtf8(path))
            .setVersion(version)
            .setLengthBytes(content.length)
            .build());
    workers.values().forEach(worker -> worker.ufs.keySet().removeIf(k -> k.startsWith(path + "@")));
    workers.values().forEach(worker -> worker.ufs.put(path + "@" + version, content));
    return id;
  }

  synchronized Inode inode(long id) {
    return inodes.get(id);
  }

  synchronized BlockRecord record(long id, int index) {
    return records.get(id).get(index);
  }

  synchronized void expireSessions() {
    sessions.clear();
  }

  private Inode.Builder file(long id) {
    return Inode.newBuilder()
        .setId(id)
        .setType(InodeType.FILE)
        .setBlockSizeBytes(blockSizeBytes)
        .setReplicas(replicas);
  }

  private synchronized MasterResponse answer(MasterRequest request) {
    MasterResponse.Builder response = MasterResponse.newBuilder();
    try {
      switch (request.getRequestCase()) {
        case COMMAND -> response.setCommand(once(request.getCommand()));
        case COMMAND_BATCH -> response.setCommandBatch(batch(request.getCommandBatch()));
        case KEEP_ALIVE -> {
          session(request.getKeepAlive().getSessionId());
          response.setKeepAlive(KeepAliveReply.newBuilder().setSessionTimeoutMs(400));
        }
        case QUERY -> response.setQuery(query(request));
        default -> throw new Refusal(ErrorCode.UNSUPPORTED);
      }
      return response.build();
    } catch (Refusal e) {
      return refusal(e.code, "refused with " + e.code);
    }
  }

  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final ErrorCode code;

    Refusal(ErrorCode code) {
      this.code = code;
    }
  }

  private Map<Long, CommandResult> session(long id) throws Refusal {
    if (!sessions.containsKey(id)) {
      throw new Refusal(ErrorCode.SESSION_EXPIRED);
    }
    return sessions.get(id);
  }

  private CommandBatchReply batch(CommandBatch batch) throws Refusal {
    session(batch.getSessionId());
    if (batch.getCommandsCount() > Limits.BATCH_MAX_COMMANDS) {
      throw new Refusal(ErrorCode.INVALID_ARGUMENT);
    }
    CommandBatchReply.Builder replies = CommandBatchReply.newBuilder();
    long seq = batch.getFirstSeq();
    for (Command command : batch.getCommandsList()) {
      Command.Builder numbered = command.toBuilder().setSessionId(batch.getSessionId());
      try {
        CommandResult result =
            once(numbered.setSeq(seq++).setAckedBelow(batch.getAckedBelow()).build());
        replies.addReplies(CommandReply.newBuilder().setResult(result));
      } catch (Refusal e) {
        replies.addReplies(
            CommandReply.newBuilder().setCode(e.code).setMessage("refused with " + e.code));
      }
    }
    return replies.build();
  }

  private CommandResult once(Command command) throws Refusal {
    if (command.hasOpenSession()) {
      sessions.put(++lastSession, new HashMap<>());
      return CommandResult.newBuilder().setSessionId(lastSession).build();
    }
    Map<Long, CommandResult> results = session(command.getSessionId());
    if (command.getSeq() < command.getAckedBelow()) {
      throw new Refusal(ErrorCode.INVALID_ARGUMENT);
    }
    CommandResult result = results.get(command.getSeq());
    if (result == null) {
      result = command(command);
      results.put(command.getSeq(), result);
    }
    return result;
  }

  private CommandResult command(Command command) throws Refusal {
    switch (command.getCommandCase()) {
      case CLOSE_SESSION -> {
        sessions.remove(command.getCloseSession().getSessionId());
        return CommandResult.getDefaultInstance();
      }
      case MAKE_DIRECTORY -> {
        String path = command.getMakeDirectory().getAt().getPath().toStringUtf8();
        if (names.containsKey(path)) {
          throw new Refusal(ErrorCode.ALREADY_EXISTS);
        }
        names.put(path, ++lastInode);
        inodes.put(
            lastInode, Inode.newBuilder().setId(lastInode).setType(InodeType.DIRECTORY).build());
        return result(lastInode).addAllJobIds(jobsOfChanges).build();
      }
      case CREATE_FILE -> {
        String path = command.getCreateFile().getAt().getPath().toStringUtf8();
        if (command.getCreateFile().getComplete()) {
          return createEmpty(path);
        }
        if (command.getCreateFile().hasContent()) {
          return createWritten(path, command);
        }
        long id = names.computeIfAbsent(path, name -> ++lastInode);
        CommandResult.Builder opened = open(id, true).toBuilder();
        if (offersFirstBlock && command.getCreateFile().hasFirstBlock()) {
          opened.addAllTargets(targets(0, List.of()));
        }
        return opened.build();
      }
      case DELETE_ENTRY -> {
        inodes.remove(find(command.getDeleteEntry().getAt()));
        names.remove(command.getDeleteEntry().getAt().getPath().toStringUtf8());
        return CommandResult.newBuilder().addAllJobIds(jobsOfChanges).build();
      }
      case OPEN_FOR_WRITE -> {
        return open(
            find(command.getOpenForWrite().getAt()), command.getOpenForWrite().getTruncate());
      }
      case ALLOCATE_BLOCK -> {
        return allocate(command.getAllocateBlock());
      }
      case COMMIT_FILE -> {
        return commit(command.getCommitFile());
      }
      case RELEASE_LEASE -> {
        long id = command.getReleaseLease().getInode();
        inodes.put(id, inodes.get(id).toBuilder().clearLease().build());
        return result(id).build();
      }
      case TRUNCATE_FILE -> {
        return truncate(
            find(command.getTruncateFile().getAt()), command.getTruncateFile().getLengthBytes());
      }
      default -> throw new Refusal(ErrorCode.UNSUPPORTED);
    }
  }

  private CommandResult createEmpty(String path) throws Refusal {
    if (names.putIfAbsent(path, lastInode + 1) != null) {
      throw new Refusal(ErrorCode.ALREADY_EXISTS);
    }
    inodes.put(++lastInode, file(lastInode).build());
    return result(lastInode).setOffset(lastInode).addAllJobIds(jobsOfChanges).build();
  }

  private CommandResult createWritten(String path, Command command) throws Refusal {
    FirstContent content = command.getCreateFile().getContent();
    long id = InodeNumbers.ofCommand(command.getSessionId(), command.getSeq());
    if (content.getInode() != id) {
      throw new Refusal(ErrorCode.INVALID_ARGUMENT);
    }
    if (names.putIfAbsent(path, id) != null) {
      throw new Refusal(ErrorCode.ALREADY_EXISTS);
    }
    inodes.put(
        id, file(id).setVersion(++lastVersion).setLengthBytes(content.getLengthBytes()).build());
    records.put(id, new TreeMap<>());
    records
        .get(id)
        .put(
            0,
            BlockRecord.newBuilder()
                .setVersion(InodeNumbers.WRITE_VERSION)
                .setLengthBytes(content.getLengthBytes())
                .addAllWorkerIds(content.getWorkerIdsList())
                .build());
    return result(id).addAllTargets(targets(0, List.of())).addAllJobIds(jobsOfChanges).build();
  }

  private CommandResult.Builder result(long id) {
    return CommandResult.newBuilder().setInode(inodes.get(id));
  }

  private long find(EntryRef at) throws Refusal {
    long id = at.hasInode() ? at.getInode() : names.getOrDefault(at.getPath().toStringUtf8(), 0L);
    if (!inodes.containsKey(id)) {
      throw new Refusal(ErrorCode.NOT_FOUND);
    }
    return id;
  }

  private CommandResult open(long id, boolean truncate) throws Refusal {
    Inode.Builder inode = inodes.containsKey(id) ? inodes.get(id).toBuilder() : file(id);
    if (inode.hasLease()) {
      throw new Refusal(ErrorCode.FILE_BUSY);
    }
    long version = ++lastVersion;
    inode.getLeaseBuilder().setWriteVersion(version);
    if (truncate) {
      inode.setLengthBytes(0).setBaseLengthBytes(0).setBaseVersion(version).setVersion(version);
      records.put(id, new TreeMap<>());
    }
    inodes.put(id, inode.build());
    return result(id).setWriteVersion(version).build();
  }

  private CommandResult allocate(AllocateBlock command) throws Refusal {
    lease(command.getInode(), command.getWriteVersion());
    List<BlockTarget> targets = targets(command.getIndex(), command.getExcludedWorkerIdsList());
    if (targets.isEmpty()) {
      throw new Refusal(ErrorCode.NO_SPACE);
    }
    return CommandResult.newBuilder().addAllTargets(targets).build();
  }

  private List<BlockTarget> targets(int index, List<Integer> excluded) {
    List<Integer> ids = new ArrayList<>(workers.keySet());
    java.util.Collections.rotate(ids, -index);
    return ids.stream()
        .filter(id -> !excluded.contains(id))
        .limit(replicas)
        .map(id -> workers.get(id).target())
        .toList();
  }

  private void lease(long id, long version) throws Refusal {
    if (inodes.get(id).getLease().getWriteVersion() != version) {
      throw new Refusal(ErrorCode.LEASE_LOST);
    }
  }

  private CommandResult commit(CommitFile command) throws Refusal {
    long id = command.getInode();
    lease(id, command.getWriteVersion());
    if (command.getLengthBytes() < inodes.get(id).getLengthBytes()) {
      throw new Refusal(ErrorCode.INVALID_ARGUMENT);
    }
    for (CommittedBlock block : command.getBlocksList()) {
      long end = (long) block.getIndex() * blockSizeBytes + block.getLengthBytes();
      if (end > command.getLengthBytes()) {
        throw new Refusal(ErrorCode.INVALID_ARGUMENT);
      }
      records
          .get(id)
          .put(
              block.getIndex(),
              BlockRecord.newBuilder()
                  .setVersion(command.getWriteVersion())
                  .setLengthBytes(block.getLengthBytes())
                  .addAllWorkerIds(block.getWorkerIdsList())
                  .build());
    }
    Inode.Builder inode =
        inodes.get(id).toBuilder()
            .setVersion(++lastVersion)
            .setLengthBytes(command.getLengthBytes());
    inodes.put(id, command.getClose() ? inode.clearLease().build() : inode.build());
    return result(id).addAllJobIds(command.getClose() ? jobsOfChanges : List.of()).build();
  }

  private CommandResult truncate(long id, long length) {
    Inode inode = inodes.get(id);
    TreeMap<Integer, BlockRecord> blocks = records.get(id);
    int last = (int) (length / blockSizeBytes);
    int left = (int) (length % blockSizeBytes);
    blocks.tailMap(left == 0 ? last : last + 1).clear();
    blocks.computeIfPresent(
        last,
        (index, block) ->
            block.toBuilder().setLengthBytes(Math.min(left, block.getLengthBytes())).build());
    inodes.put(
        id,
        inode.toBuilder()
            .setVersion(++lastVersion)
            .setLengthBytes(length)
            .setBaseLengthBytes(Math.min(length, inode.getBaseLengthBytes()))
            .build());
    return result(id).build();
  }

  private QueryResult query(MasterRequest request) throws Refusal {
    QueryResult.Builder result = QueryResult.newBuilder();
    switch (request.getQuery().getQueryCase()) {
      case GET_LAYOUT -> result.setLayout(layout(request.getQuery().getGetLayout()));
      case GET_ENTRY ->
          result
              .getEntryBuilder()
              .setInode(inodes.get(find(request.getQuery().getGetEntry().getAt())));
      case WAIT_JOBS -> {
        JobStates.Builder states = result.getJobsBuilder();
        request.getQuery().getWaitJobs().getJobIdsList().stream()
            .map(jobs::get)
            .forEach(states::addJobs);
      }
      default -> throw new Refusal(ErrorCode.UNSUPPORTED);
    }
    return result.build();
  }

  private FileLayout layout(GetLayout query) throws Refusal {
    long id = find(query.getAt());
    Inode inode = inodes.get(id);
    FileLayout.Builder layout = FileLayout.newBuilder().setInode(inode);
    if (sources.containsKey(id)) {
      layout.setUfs(sources.get(id));
    }
    long end = inode.getLengthBytes();
    if (query.getLengthBytes() != 0) {
      end = Math.min(end, query.getOffsetBytes() + query.getLengthBytes());
    }
    for (int i = (int) (query.getOffsetBytes() / blockSizeBytes);
        (long) i * blockSizeBytes < end;
        i++) {
      layout.addBlocks(block(inode, i));
    }
    return layout.build();
  }

  private BlockLayout block(Inode inode, int index) {
    BlockLayout.Builder block = BlockLayout.newBuilder().setIndex(index);
    BlockRecord written = records.get(inode.getId()).get(index);
    if (written != null) {
      block.setVersion(written.getVersion()).setValidBytes(written.getLengthBytes());
      for (int worker : written.getWorkerIdsList()) {
        block.addLocations(location(worker, true));
      }
      return block.build();
    }
    long base = inode.getBaseLengthBytes() - (long) index * blockSizeBytes;
    block
        .setVersion(inode.getBaseVersion())
        .setValidBytes((int) Math.max(0, Math.min(blockSizeBytes, base)))
        .setFillable(true);
    workers.keySet().forEach(worker -> block.addLocations(location(worker, false)));
    return block.build();
  }

  private BlockLocation location(int worker, boolean holds) {
    return BlockLocation.newBuilder()
        .setWorkerId(worker)
        .setAddress(workers.get(worker).address())
        .setHolds(holds)
        .build();
  }

  @Override
  public void close() {
    server.close();
  }
}
