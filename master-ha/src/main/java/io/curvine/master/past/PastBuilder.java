/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import io.curvine.journal.tool.JournalReader;
import io.curvine.master.snapshot.SnapshotFiles;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreSettings;
import io.curvine.master.tool.Replay;
import io.curvine.master.tool.Ways;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/** Makes past states, each from a snapshot and the journal after it. For one thread. */
final class PastBuilder {
  /** Of the state that is being made. */
  private static final String JOURNAL = "journal";

  /** Beside a master that serves: little memory, and a look at whether it is still wanted. */
  private static final int BATCH_EVENTS = 4_096;

  private static final StoreSettings SETTINGS =
      new StoreSettings(8L << 20, 16L << 20, 16L << 20, true);

  /** What the database writes beside what the events hold. */
  private static final long SPARE_BYTES = 64L << 20;

  /** An event takes about as much in tables as in the journal, and is rewritten once. */
  private static final long BYTES_OF_EVENT = 2;

  private final Path directory;
  private final PastSources sources;
  private final LongSupplier freeBytes;
  private final long freeMin;
  private long made;

  /**
   * @param directory of all past states; what is in it from before is removed
   * @param freeBytes of the disk
   * @param freeMin what is left free
   */
  PastBuilder(Path directory, PastSources sources, LongSupplier freeBytes, long freeMin)
      throws IOException {
    this.directory = directory;
    this.sources = sources;
    this.freeBytes = freeBytes;
    this.freeMin = freeMin;
    FileTrees.deleteIfExists(directory);
  }

  /** Hears how far it is; ends it by an exception. */
  @FunctionalInterface
  interface Progress {
    void folded(long events) throws CurvineException;
  }

  /** A state that was made. */
  record Made(Path directory, StateStore store) {}

  /**
   * Makes one.
   *
   * @throws CurvineException NO_SPACE where the disk is too full, or what the progress threw
   */
  Made make(Ways.Way<Path> way, long offset, Progress progress) throws IOException {
    requireSpace(BYTES_OF_EVENT * sources.bytesOf(offset - way.base().offset()) + SPARE_BYTES);
    Path into = directory.resolve(offset + "-" + made++);
    Files.createDirectories(into);
    StateStore store = null;
    try {
      sources.keep(way.base());
      if (!way.base().isEmpty()) {
        SnapshotFiles.linkDatabase(way.base().database(), into);
      }
      store = StateStore.open(into, SETTINGS, () -> {});
      fold(store, way, offset, progress);
      return new Made(into, store);
    } catch (IOException | RuntimeException e) {
      if (store != null) {
        store.close();
      }
      FileTrees.deleteIfExists(into);
      if (e instanceof Stopped stopped) {
        throw stopped.why;
      }
      throw e;
    }
  }

  /** Carries an ending out of the replay. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient IOException why;

    Stopped(IOException why) {
      super(why);
      this.why = why;
    }
  }

  private void fold(StateStore store, Ways.Way<Path> way, long offset, Progress progress)
      throws IOException {
    Replay replay =
        new Replay(
            store,
            (events, at, target) -> {
              try {
                progress.folded(events);
                sources.keep(way.base());
                requireSpace(0);
              } catch (IOException e) {
                throw new Stopped(e);
              }
            },
            BATCH_EVENTS);
    if (way.base().offset() < offset) {
      Path links = Files.createDirectories(directory.resolve(JOURNAL));
      try {
        JournalReader journal = JournalReader.open(way.journal().reader());
        // Retention may drop what is still to be folded.
        replay.run(journal.link(way.base().offset(), offset, links), offset);
      } finally {
        FileTrees.delete(links);
      }
    }
  }

  private void requireSpace(long bytes) throws CurvineException {
    long free = freeBytes.getAsLong();
    if (free < bytes + freeMin) {
      throw new CurvineException(
          ErrorCode.NO_SPACE,
          "a past state needs "
              + bytes
              + " bytes beside the "
              + freeMin
              + " of disk_high_watermark; "
              + directory
              + " has "
              + free
              + " free");
    }
  }
}
