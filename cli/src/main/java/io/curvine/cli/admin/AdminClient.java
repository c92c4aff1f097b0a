/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin;

import io.curvine.cli.CliException;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.CompactState;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FeedState;
import io.curvine.protocol.proto.GetFeedState;
import io.curvine.protocol.proto.JournalBytes;
import io.curvine.protocol.proto.ListMasters;
import io.curvine.protocol.proto.MasterList;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.ReadJournal;
import io.curvine.protocol.proto.SnapshotTaken;
import io.curvine.protocol.proto.StateCompacted;
import io.curvine.protocol.proto.TakeSnapshot;
import io.curvine.protocol.rpc.RpcClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Asks masters what operators ask. It knows the members that some master of the configuration
 * knows, so it finds a cluster of which only one master is left that the configuration names.
 * Thread-safe.
 */
public final class AdminClient implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(2);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
  private static final int WAIT_MS = 2_000;
  private static final long SILENCE_MAX_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final List<HostPort> configured;
  private final RpcClient rpc = new RpcClient(CONNECT_MAX);

  /**
   * @param configured RPC addresses of masters; at least one
   */
  public AdminClient(List<HostPort> configured) {
    this.configured = configured;
  }

  /**
   * The members and how they are, as the master says that knows the newest.
   *
   * @throws CliException where none answers
   */
  public MasterList masters() throws CliException {
    AdminRequest list =
        AdminRequest.newBuilder().setListMasters(ListMasters.getDefaultInstance()).build();
    List<CompletableFuture<Optional<MasterList>>> asked =
        configured.stream().map(master -> ask(master, list).handle(AdminClient::listed)).toList();
    return asked.stream()
        .map(CompletableFuture::join)
        .flatMap(Optional::stream)
        .max(Comparator.comparing(answer -> answer.getGroup().getIndex()))
        .orElseThrow(() -> new CliException("no master of " + configured + " answers"));
  }

  /**
   * A master, and how it is.
   *
   * @param id null: the leader
   * @throws CliException where none answers, or there is none of that name, or none leads
   */
  public MasterStatus master(String id) throws CliException {
    List<MasterStatus> known = masters().getMastersList();
    return known.stream()
        .filter(each -> id == null ? each.getRole().equals("leader") : each.getNodeId().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new CliException(
                    (id == null ? "no master leads" : "there is no master " + id)
                        + "; the masters are "
                        + known.stream().map(MasterStatus::getNodeId).toList()));
  }

  private static Optional<MasterList> listed(MasterResponse answer, Throwable failure) {
    return failure == null && answer.getCode() == ErrorCode.OK
        ? Optional.of(answer.getAdmin().getMasterList())
        : Optional.empty();
  }

  private CompletableFuture<MasterResponse> ask(HostPort master, AdminRequest request) {
    return ask(master, request, ANSWER_MAX);
  }

  private CompletableFuture<MasterResponse> ask(
      HostPort master, AdminRequest request, Duration answerMax) {
    return rpc.call(master, MasterRequest.newBuilder().setAdmin(request).build(), answerMax);
  }

  /**
   * Has a master take a snapshot of its own state, and waits for it.
   *
   * @throws CurvineException the refusal
   * @throws CliException where it does not answer, or not in time
   */
  public SnapshotTaken takeSnapshot(HostPort master, long deadlineNanos) throws IOException {
    TakeSnapshot take =
        TakeSnapshot.newBuilder()
            .setWaitMs(WAIT_MS)
            .setRequest(UUID.randomUUID().toString())
            .build();
    AdminRequest request = AdminRequest.newBuilder().setTakeSnapshot(take).build();
    return untilDone(
            master, request, reply -> reply.getSnapshotTaken().getFinished(), deadlineNanos)
        .getSnapshotTaken();
  }

  /**
   * Has a master compact its own state, and waits for it.
   *
   * @throws CurvineException the refusal
   * @throws CliException where it does not answer, or not in time
   */
  public StateCompacted compact(HostPort master, long deadlineNanos) throws IOException {
    CompactState compact =
        CompactState.newBuilder()
            .setWaitMs(WAIT_MS)
            .setRequest(UUID.randomUUID().toString())
            .build();
    AdminRequest request = AdminRequest.newBuilder().setCompactState(compact).build();
    return untilDone(
            master, request, reply -> reply.getStateCompacted().getFinished(), deadlineNanos)
        .getStateCompacted();
  }

  /**
   * Reads a master's journal once.
   *
   * @throws CurvineException the refusal
   * @throws CliException where it does not answer
   */
  public JournalBytes readJournal(HostPort master, ReadJournal read) throws IOException {
    AdminRequest request = AdminRequest.newBuilder().setReadJournal(read).build();
    return once(master, request, ANSWER_MAX).getJournalBytes();
  }

  /**
   * Asks one master the same, until what it does is finished.
   *
   * @throws CurvineException the refusal
   * @throws CliException where it does not answer, or not in time
   */
  public AdminReply untilDone(
      HostPort master, AdminRequest request, Predicate<AdminReply> finished, long deadlineNanos)
      throws IOException {
    AdminReply reply;
    do {
      if (System.nanoTime() - deadlineNanos >= 0) {
        throw new CliException("master " + master + " is not done in time, and goes on");
      }
      reply = once(master, request, ANSWER_MAX);
    } while (!finished.test(reply));
    return reply;
  }

  /**
   * Asks one master once, what it answers only when it is done.
   *
   * @param answerMax how long that may take
   * @throws CurvineException the refusal
   * @throws CliException where it does not answer in time
   */
  public AdminReply once(HostPort master, AdminRequest request, Duration answerMax)
      throws IOException {
    try {
      MasterResponse answer = ask(master, request, answerMax).join();
      if (answer.getCode() != ErrorCode.OK) {
        throw new CurvineException(answer.getCode(), answer.getMessage());
      }
      return answer.getAdmin();
    } catch (CompletionException e) {
      throw new CliException("master " + master + " does not answer", e);
    }
  }

  /**
   * Asks the leader, whichever it is, until it answers for good. The request may reach several of
   * them, one after the other.
   *
   * @throws CurvineException the refusal
   * @throws CliException where none led in time, or none answered for half a minute
   */
  public AdminReply leader(AdminRequest request, long deadlineNanos) throws IOException {
    String last = "no master was asked";
    HostPort hint = null;
    long answeredNanos = System.nanoTime();
    while (System.nanoTime() - deadlineNanos < 0
        && System.nanoTime() - answeredNanos < SILENCE_MAX_NANOS) {
      for (HostPort master : hint == null ? candidates() : List.of(hint)) {
        hint = null;
        try {
          MasterResponse answer = ask(master, request).join();
          answeredNanos = System.nanoTime();
          switch (answer.getCode()) {
            case OK -> {
              return answer.getAdmin();
            }
            case NOT_LEADER -> {
              last = "master " + master + " does not lead";
              hint = answer.getLeaderRpc().isEmpty() ? null : HostPort.parse(answer.getLeaderRpc());
            }
            case BUSY, UNKNOWN_OUTCOME -> last = answer.getMessage();
            default -> throw new CurvineException(answer.getCode(), answer.getMessage());
          }
        } catch (CompletionException e) {
          last = "master " + master + " does not answer";
        }
        if (hint != null) {
          break;
        }
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    throw new CliException("not done in time: " + last);
  }

  /**
   * Who follows the feed, and how far each of them is, as the leader says.
   *
   * @throws CliException where none led in time
   */
  public FeedState feedState(long deadlineNanos) throws IOException {
    AdminRequest look =
        AdminRequest.newBuilder().setGetFeedState(GetFeedState.getDefaultInstance()).build();
    return leader(look, deadlineNanos).getFeedState();
  }

  /** Those of the configuration, then those that these know. */
  private Set<HostPort> candidates() {
    Set<HostPort> all = new LinkedHashSet<>();
    try {
      MasterList known = masters();
      known.getMastersList().stream()
          .filter(status -> status.getRole().equals("leader"))
          .map(MasterStatus::getRpc)
          .map(HostPort::parse)
          .forEach(all::add);
      known.getMastersList().forEach(status -> all.add(HostPort.parse(status.getRpc())));
    } catch (CliException e) {
      all.addAll(configured); // none answers now; one of them may in a moment
    }
    return all;
  }

  @Override
  public void close() {
    rpc.close();
  }
}
