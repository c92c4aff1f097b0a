/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockReport;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one master which blocks are here: all of them in pages at first and when it asks, then what
 * came and went. One report is in flight at a time. Thread-safe.
 */
final class BlockReporter {
  private static final Logger LOG = LoggerFactory.getLogger(BlockReporter.class);
  private static final int PAGE_BLOCKS = 10_000;
  private static final int CHANGES_MAX = 200_000;

  private final HostPort master;
  private final MasterClient masters;
  private final BlockStore store;
  private final String incarnation;
  private final Duration timeout;
  private final Map<BlockKey, Boolean> changes = new LinkedHashMap<>();
  private final Queue<BlockReport.Builder> fullPages = new ArrayDeque<>();
  private boolean fullWanted = true;
  private boolean inFlight;
  private volatile long acknowledged;

  BlockReporter(
      HostPort master,
      MasterClient masters,
      BlockStore store,
      String incarnation,
      Duration timeout) {
    this.master = master;
    this.masters = masters;
    this.store = store;
    this.incarnation = incarnation;
    this.timeout = timeout;
  }

  /** Reports that this master has taken so far. */
  long acknowledged() {
    return acknowledged;
  }

  /** A block came, or went; the last word on a block counts. */
  synchronized void changed(BlockKey key, boolean added) {
    if (fullWanted) {
      return;
    }
    changes.put(key, added);
    if (changes.size() > CHANGES_MAX) {
      wantFull();
    }
  }

  /** The master asks for all blocks; one that is on its way already will do. */
  synchronized void fullAsked() {
    if (!inFlight && fullPages.isEmpty()) {
      wantFull();
    }
  }

  private synchronized void wantFull() {
    fullWanted = true;
    changes.clear();
  }

  /** Sends what there is to say, if nothing is under way. */
  void flush(int workerId) {
    BlockReport.Builder report;
    synchronized (this) {
      if (inFlight) {
        return;
      }
      if (fullWanted) {
        fullWanted = false;
        beginFull();
      }
      report = fullPages.isEmpty() ? delta() : fullPages.poll();
      if (report == null) {
        return;
      }
      inFlight = true;
    }
    BlockReport sent = report.setWorkerId(workerId).setIncarnation(incarnation).build();
    masters
        .ask(master, MasterRequest.newBuilder().setBlockReport(sent).build(), timeout)
        .whenComplete((answer, failure) -> answered(workerId, sent, answer, failure));
  }

  private void beginFull() {
    changes.clear();
    fullPages.clear();
    List<BlockKey> keys = store.readableKeys();
    int pages = Math.max(1, (keys.size() + PAGE_BLOCKS - 1) / PAGE_BLOCKS);
    for (int page = 0; page < pages; page++) {
      BlockReport.Builder report =
          BlockReport.newBuilder().setFull(true).setFirst(page == 0).setLast(page == pages - 1);
      int to = Math.min(keys.size(), (page + 1) * PAGE_BLOCKS);
      keys.subList(page * PAGE_BLOCKS, to).forEach(key -> report.addAdded(key.toProto()));
      fullPages.add(report);
    }
  }

  private BlockReport.Builder delta() {
    if (changes.isEmpty()) {
      return null;
    }
    BlockReport.Builder report = BlockReport.newBuilder();
    List<BlockKey> taken = new ArrayList<>();
    for (Map.Entry<BlockKey, Boolean> change : changes.entrySet()) {
      if (taken.size() == PAGE_BLOCKS) {
        break;
      }
      taken.add(change.getKey());
      if (change.getValue()) {
        report.addAdded(change.getKey().toProto());
      } else {
        report.addRemoved(change.getKey().toProto());
      }
    }
    taken.forEach(changes::remove);
    return report;
  }

  private void answered(int workerId, BlockReport sent, MasterResponse answer, Throwable failure) {
    boolean taken =
        failure == null
            && answer.getCode() == ErrorCode.OK
            && answer.getBlockReport().getAccepted();
    synchronized (this) {
      inFlight = false;
      if (taken) {
        acknowledged++;
      } else {
        LOG.debug(
            "master {} did not take a block report: {}",
            master,
            failure == null ? answer : failure);
        fullPages.clear();
        wantFull();
      }
    }
    if (taken && (sent.getFull() && !sent.getLast())) {
      flush(workerId);
    }
  }
}
