/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.disk;

import io.curvine.protocol.proto.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the leader refuse what needs space before its disk is full: below the low mark only
 * commands pass that give space back or that cost next to nothing, until more is free than the high
 * mark. Below the least that Raft needs, nothing passes. Reads go on. Thread-safe.
 */
public final class DiskWatch {
  private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);

  /**
   * When to refuse, in free bytes.
   *
   * @param low below it the disk is low
   * @param high above it the disk is no longer low
   * @param least below it nothing passes
   */
  public record Marks(long low, long high, long least) {}

  private final String master;
  private final Path directory;
  private final Marks marks;
  private final LongSupplier measure;
  private volatile long freeBytes;
  private volatile boolean low;

  /**
   * @param master for messages
   * @param measure the free bytes of the disk that the directory is on
   */
  public DiskWatch(String master, Path directory, Marks marks, LongSupplier measure) {
    this.master = master;
    this.directory = directory;
    this.marks = marks;
    this.measure = measure;
    tick();
  }

  /**
   * Watches the disk of a data directory.
   *
   * @throws IOException where there is less than Raft needs
   */
  public static DiskWatch open(String master, Path directory, Marks marks) throws IOException {
    DiskWatch watch = new DiskWatch(master, directory, marks, () -> freeBytes(directory));
    if (watch.freeBytes() < marks.least()) {
      throw new IOException(
          "data_dir is "
              + directory.toAbsolutePath()
              + " with "
              + watch.freeBytes()
              + " free bytes; allowed: at least free_space_min, "
              + marks.least());
    }
    return watch;
  }

  /** Free bytes of the disk that a directory is on. */
  public static long freeBytes(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tell the free space of " + directory, e);
    }
  }

  /** Looks at the disk; called every second by one thread. */
  public void tick() {
    long free = measure.getAsLong();
    freeBytes = free;
    if (!low && free < marks.low()) {
      low = true;
      LOG.error("{}: it is read-only until {} are free", state(), mebibytes(marks.high()));
    } else if (low && free >= marks.high()) {
      low = false;
      LOG.warn("{}: it takes all commands again", state());
    }
  }

  /** Why a command is refused now; empty where it is not. */
  public Optional<String> refusal(Command command) {
    if (!low || (passesWhenLow(command) && freeBytes >= marks.least())) {
      return Optional.empty();
    }
    return Optional.of(
        state() + ": only deletes are taken until " + mebibytes(marks.high()) + " are free");
  }

  private String state() {
    return "master "
        + master
        + " has "
        + mebibytes(freeBytes)
        + " free in "
        + directory.toAbsolutePath();
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
  }

  /** A switch without a default: who adds a command says which kind it is. */
  private static boolean passesWhenLow(Command command) {
    return switch (command.getCommandCase()) {
      // They give space back, or end what holds it.
      case DELETE_ENTRY,
          REAP_SUBTREE,
          CLOSE_SESSION,
          RELEASE_LEASE,
          REMOVE_XATTR,
          UNMOUNT_UFS,
          FINISH_JOB,
          DELETE_GROUP,
          DELETE_GROUP_OFFSETS,
          CLEAN_SUBTREE,
          CANCEL_JOB,
          SET_FEED_FLOOR,
          REMOVE_FEED_FLOOR,
          FORGET_WORKER,
          SET_WORKER_LEAVING,
          CLEAR_QUOTA,
          CORRECT_QUOTA,
          EXPIRE_FILES,
          PURGE_TRASH,
          PLACE_BLOCK ->
          true;
      // Without them nobody can delete, read, or lead, and no consumer gets a share of the feed.
      case OPEN_SESSION, REGISTER_WORKER, CLAIM_LEADERSHIP, BARRIER, SAVE_GROUP, REPAIR_STATE ->
          true;
      case MAKE_DIRECTORY,
          CREATE_FILE,
          OPEN_FOR_WRITE,
          ALLOCATE_BLOCK,
          COMMIT_FILE,
          RENAME_ENTRY,
          SET_ATTRIBUTES,
          SET_XATTR,
          TRUNCATE_FILE,
          WANT_LEASE,
          CREATE_SYMLINK,
          CREATE_HARD_LINK,
          MAKE_SPECIAL,
          EXCHANGE_ENTRIES,
          MOUNT_UFS,
          FOLLOW_SOURCE,
          MARK_DIRTY,
          UPDATE_MOUNT,
          SET_POLICY,
          SET_QUOTA,
          RECONCILE_DIRECTORY,
          START_TREE_JOB,
          ADVANCE_TREE_JOB,
          RETRY_JOB,
          COMMIT_GROUP_OFFSETS,
          COMMAND_NOT_SET ->
          false;
    };
  }

  /** Whether commands that need space are refused. */
  public boolean low() {
    return low;
  }

  /** As last measured. */
  public long freeBytes() {
    return freeBytes;
  }
}
