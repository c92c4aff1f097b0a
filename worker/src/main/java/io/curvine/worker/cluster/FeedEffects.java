/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import io.curvine.protocol.proto.BlockPlaced;
import io.curvine.protocol.proto.CommittedBlock;
import io.curvine.protocol.proto.EntriesReaped;
import io.curvine.protocol.proto.EntryRenamed;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FileCommitted;
import io.curvine.protocol.proto.FileContentChanged;
import io.curvine.protocol.proto.JobFinished;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.ReapedEntry;
import io.curvine.protocol.proto.WriteOpened;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockStore;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;

/**
 * What an event of the journal means for the blocks here. Blocks that it surely ended are let go;
 * where the event alone does not say, the checker asks. May be applied twice.
 */
public final class FeedEffects {
  private final BlockStore store;
  private final UnnamedBlocks unnamed;
  private final BlockChecker checker;
  private final IntSupplier workerId;

  public FeedEffects(
      BlockStore store, UnnamedBlocks unnamed, BlockChecker checker, IntSupplier workerId) {
    this.store = store;
    this.unnamed = unnamed;
    this.checker = checker;
    this.workerId = workerId;
  }

  /** Applies the event at {@code offset}. */
  public void apply(Event event, long offset) throws IOException {
    switch (event.getEventCase()) {
      case FILE_CONTENT_CHANGED -> contentChanged(event.getFileContentChanged());
      case ENTRIES_REAPED -> reaped(event.getEntriesReaped(), offset);
      case JOB_FINISHED -> jobFinished(event.getJobFinished(), offset);
      case FILE_COMMITTED -> committed(event.getFileCommitted());
      case ENTRY_DELETED -> checker.suspect(event.getEntryDeleted().getInode(), offset);
      case ENTRY_RENAMED -> renamed(event.getEntryRenamed(), offset);
      case FILE_TRUNCATED -> checker.suspect(event.getFileTruncated().getInode(), offset);
      case WRITE_OPENED -> writeOpened(event.getWriteOpened());
      case LEASE_RELEASED -> checker.suspect(event.getLeaseReleased().getInode(), offset);
      case SESSION_CLOSED ->
          event.getSessionClosed().getLeasesList().forEach(i -> checker.suspect(i, offset));
      case BLOCK_PLACED -> placed(event.getBlockPlaced());
      case UFS_UNMOUNTED, POLICY_SET -> checker.suspectAll(offset);
      default -> {
        // The rest says nothing of blocks.
      }
    }
  }

  private void contentChanged(FileContentChanged change) {
    dropOlder(change.getInode(), change.getVersion(), index -> true);
  }

  /** Nothing of a file that was emptied can be named again. */
  private void writeOpened(WriteOpened opened) {
    if (opened.getTruncated()) {
      dropOlder(opened.getInode(), opened.getWriteVersion(), index -> true);
    }
  }

  /**
   * Which workers are counted on for a block. One that is not any more keeps it for now: a later
   * event may say otherwise, and the checker hears what holds.
   */
  private void placed(BlockPlaced event) throws IOException {
    countedOn(BlockKey.of(event.getBlock()), event.getWorkerIdsList());
  }

  private void countedOn(BlockKey key, List<Integer> workerIds) throws IOException {
    boolean named = workerIds.contains(workerId.getAsInt());
    if (named) {
      unnamed.remove(key);
    }
    store.committed(key, named);
  }

  private void dropOlder(long inode, long version, IntPredicate indexes) {
    for (BlockKey key : store.keysOf(inode)) {
      boolean older = Long.compareUnsigned(key.version(), version) < 0;
      if (older && indexes.test(key.index())) {
        unnamed.add(key);
      }
    }
  }

  private void reaped(EntriesReaped reaped, long offset) {
    for (ReapedEntry entry : reaped.getEntriesList()) {
      if (entry.getLastLink()) {
        store.keysOf(entry.getInode()).forEach(unnamed::add);
      } else {
        checker.suspect(entry.getInode(), offset);
      }
    }
  }

  private void renamed(EntryRenamed renamed, long offset) {
    checker.reconsider(renamed.getInode(), offset);
    if (renamed.getReplacedInode() != 0) {
      checker.suspect(renamed.getReplacedInode(), offset);
    }
  }

  /** The UFS has the content up to the version: those blocks can be evicted from now on. */
  private void jobFinished(JobFinished job, long offset) throws IOException {
    if (job.getKind() != JobKind.EXPORT_FILE || !job.getSucceeded()) {
      return;
    }
    for (BlockKey key : store.keysOf(job.getInode())) {
      if (Long.compareUnsigned(key.version(), job.getVersion()) <= 0) {
        store.unpin(key);
      }
    }
    checker.reconsider(job.getInode(), offset);
  }

  /**
   * A block that was committed without this worker is a replica that its pipeline left behind: it
   * is not served until a later event names it again, and dropped once the checker hears that none
   * does. A block of an older version under the same index was overwritten.
   */
  private void committed(FileCommitted commit) throws IOException {
    Set<Integer> indexes = new HashSet<>();
    for (CommittedBlock block : commit.getBlocksList()) {
      indexes.add(block.getIndex());
      countedOn(
          new BlockKey(commit.getInode(), commit.getWriteVersion(), block.getIndex()),
          block.getWorkerIdsList());
    }
    dropOlder(commit.getInode(), commit.getWriteVersion(), indexes::contains);
  }
}
