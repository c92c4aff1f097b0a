/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import io.curvine.cli.CliException;
import io.curvine.cli.GlobalOptions;
import io.curvine.cli.admin.AdminClient;
import io.curvine.client.ClientConfig;
import io.curvine.journal.tool.JournalSource;
import io.curvine.journal.tool.RawBatch;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.JournalBytes;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.ReadJournal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The journal of a running cluster, of the leader or of a master that was named. Where the leader
 * goes away it is read on at another master, from the same offset: they all have the same. Not
 * thread-safe.
 */
final class LiveSource implements JournalSource {
  private static final int READ_BYTES = 1 << 20;
  private static final int ONLY_RANGE = -1;
  private static final long SILENCE_MAX_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** Less than a master is given to answer. */
  private static final int WAIT_MS = 2_000;

  private final AdminClient client;
  private final Optional<String> id;
  private MasterStatus master;

  private LiveSource(AdminClient client, Optional<String> id) {
    this.client = client;
    this.id = id;
  }

  /**
   * Of the cluster of the configuration.
   *
   * @param id of the master; empty: the leader
   */
  static LiveSource open(GlobalOptions global, Optional<String> id) {
    return new LiveSource(
        new AdminClient(global.configuration().get(ClientConfig.class).masters()), id);
  }

  @Override
  public String name() {
    return id.map(each -> "master " + each).orElse("the leader");
  }

  @Override
  public Range range() throws IOException {
    JournalBytes range = ask(ONLY_RANGE, 0);
    return new Range(range.getFirstOffset(), range.getNextOffset());
  }

  @Override
  public BatchReader read(long fromOffset) {
    return new Reader(fromOffset, 0);
  }

  /** As {@link #read}; at the end each call waits a while for more. */
  BatchReader follow(long fromOffset) {
    return new Reader(fromOffset, WAIT_MS);
  }

  @Override
  public void close() {
    client.close();
  }

  /** Asks until a master answers for good. */
  private JournalBytes ask(long from, int waitMs) throws IOException {
    ReadJournal request =
        ReadJournal.newBuilder()
            .setFromOffset(from)
            .setMaxBytes(READ_BYTES)
            .setWaitMs(waitMs)
            .build();
    long began = System.nanoTime();
    while (true) {
      IOException last;
      try {
        if (master == null) {
          master = choose();
        }
        return client.readJournal(HostPort.parse(master.getRpc()), request);
      } catch (CurvineException e) {
        if (!passes(e, from)) {
          throw e;
        }
        last = e;
      } catch (CliException e) {
        last = e;
      }
      master = null;
      if (System.nanoTime() - began >= SILENCE_MAX_NANOS) {
        throw new CliException(name() + " cannot be read: " + last.getMessage(), last);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Whether it may be better in a moment, or at another master. */
  private boolean passes(CurvineException refusal, long from) throws IOException {
    return switch (refusal.code()) {
      case BUSY, NOT_READY -> true;
      case OFFSET_OUT_OF_RANGE -> isBehind(from);
      default -> false;
    };
  }

  /** Whether the master does not have yet what another one has given. */
  private boolean isBehind(long from) throws IOException {
    ReadJournal range = ReadJournal.newBuilder().setFromOffset(ONLY_RANGE).build();
    try {
      return from > client.readJournal(HostPort.parse(master.getRpc()), range).getNextOffset();
    } catch (CliException e) {
      return true; // it has gone meanwhile
    }
  }

  private MasterStatus choose() throws IOException {
    List<MasterStatus> known = client.masters().getMastersList();
    if (id.isPresent()) {
      return known.stream()
          .filter(status -> status.getNodeId().equals(id.get()))
          .findFirst()
          .orElseThrow(
              () ->
                  new CurvineException(
                      ErrorCode.NOT_FOUND,
                      "there is no master "
                          + id.get()
                          + "; the masters are "
                          + known.stream().map(MasterStatus::getNodeId).toList()));
    }
    return known.stream()
        .filter(status -> status.getPid() != 0)
        .max(
            Comparator.comparing((MasterStatus status) -> status.getRole().equals("leader"))
                .thenComparing(MasterStatus::getAppliedOffset))
        .orElseThrow(() -> new CliException("no master answers"));
  }

  /** Batches of one answer after the other. */
  private final class Reader implements BatchReader {
    private final Deque<RawBatch> batches = new ArrayDeque<>();
    private final int waitMs;
    private long next;

    Reader(long from, int waitMs) {
      this.next = from;
      this.waitMs = waitMs;
    }

    @Override
    public Optional<RawBatch> next() throws IOException {
      if (batches.isEmpty()) {
        JournalBytes bytes = ask(next, waitMs);
        String origin = "master " + master.getNodeId();
        try {
          batches.addAll(RawBatch.all(origin, bytes.getBytes().toByteArray()));
        } catch (CurvineException e) {
          // Not CORRUPT, behind which a reader would go on: there is nothing to go on from.
          throw new CliException(e.getMessage(), e);
        }
        if (!batches.isEmpty() && batches.peek().nextOffset() <= next) {
          throw new CliException(
              origin + " gave the offsets before " + batches.peek().nextOffset() + " for " + next);
        }
      }
      Optional<RawBatch> batch = Optional.ofNullable(batches.poll());
      batch.ifPresent(each -> next = each.nextOffset());
      return batch;
    }

    @Override
    public void close() {}
  }
}
