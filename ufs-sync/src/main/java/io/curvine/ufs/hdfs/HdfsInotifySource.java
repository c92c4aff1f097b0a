/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import io.curvine.ufs.change.ChangeBatch;
import io.curvine.ufs.change.ChangeHint;
import io.curvine.ufs.change.ChangeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.hdfs.DFSInotifyEventInputStream;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.inotify.Event;
import org.apache.hadoop.hdfs.inotify.EventBatch;
import org.apache.hadoop.hdfs.inotify.MissingEventsException;

/**
 * Reads the edits of a namenode, whichever is active. A cursor is the number of the last
 * transaction that was read. The first poll of a source without a cursor only finds where it goes
 * on from.
 *
 * <p>HDFS has no call that waits for edits: it is asked again, ever less often up to twice a
 * second.
 */
final class HdfsInotifySource implements ChangeSource {
  private static final long PAUSE_MIN_MILLIS = 10;
  private static final long PAUSE_MAX_MILLIS = 500;

  /** Of one transaction; one with more is a hint at all of the location. */
  private static final int TRANSACTION_MAX_HINTS = 100;

  /** Of one batch, so that a location in which nothing happens has its cursor kept near too. */
  private static final int TRANSACTIONS_MAX = 10_000;

  private final HdfsPaths paths;
  private final HdfsConnection connection;
  private final HdfsHints hints;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** The last transaction of the last batch that was given; empty: not known yet. */
  private OptionalLong cursor;

  /** Null until it is opened, and after a failure. */
  private DFSInotifyEventInputStream stream;

  /** Takes the connection and closes it. */
  HdfsInotifySource(HdfsPaths paths, HdfsConnection connection, OptionalLong cursor) {
    this.paths = paths;
    this.connection = connection;
    this.hints = new HdfsHints(paths);
    this.cursor = cursor;
  }

  @Override
  public ChangeBatch poll(Duration wait) throws IOException, InterruptedException {
    try {
      DistributedFileSystem client = connection.client();
      if (cursor.isEmpty()) {
        cursor = OptionalLong.of(client.getClient().getNamenode().getCurrentEditLogTxid());
        return ChangeBatch.nothing(cursor());
      }
      if (stream == null) {
        stream = client.getInotifyEventStream(cursor.getAsLong());
      }
      ChangeBatch batch = await(wait);
      cursor = OptionalLong.of(Long.parseLong(batch.cursor()));
      return batch;
    } catch (IOException | IllegalArgumentException e) {
      stream = null;
      if (closed.getCount() == 0) {
        return ChangeBatch.nothing(cursor());
      }
      throw HdfsErrors.of(paths.name(""), e);
    }
  }

  private ChangeBatch await(Duration wait) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + wait.toNanos();
    long pause = PAUSE_MIN_MILLIS;
    while (true) {
      Reading reading = new Reading(cursor.getAsLong());
      while (reading.takesMore() && reading.next()) {}
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (reading.any() || left <= 0) {
        return reading.batch();
      }
      if (closed.await(Math.min(pause, left), TimeUnit.MILLISECONDS)) {
        return ChangeBatch.nothing(cursor());
      }
      pause = Math.min(2 * pause, PAUSE_MAX_MILLIS);
    }
  }

  private String cursor() {
    return cursor.isPresent() ? Long.toString(cursor.getAsLong()) : "";
  }

  /** Ends a waiting poll; the source is of no use afterwards. */
  @Override
  public void close() {
    closed.countDown();
    connection.close();
  }

  /** What is read for one batch. */
  private final class Reading {
    private final List<ChangeHint> found = new ArrayList<>();
    private final long start;
    private long last;
    private int transactions;
    private long newestMillis;
    private String gap = "";

    Reading(long start) {
      this.start = start;
      this.last = start;
    }

    boolean takesMore() {
      return found.size() <= ChangeBatch.HINTS_MAX - TRANSACTION_MAX_HINTS
          && transactions < TRANSACTIONS_MAX
          && gap.isEmpty();
    }

    boolean any() {
      return last > start || !gap.isEmpty();
    }

    /** Reads a transaction; false where there is none at the moment. */
    boolean next() throws IOException {
      try {
        EventBatch transaction = stream.poll();
        if (transaction == null) {
          return false;
        }
        add(transaction);
      } catch (MissingEventsException e) {
        // The stream goes on with what is there.
        last = Math.max(last, e.getActualTxid() - 1);
        gap =
            "HDFS has no edits from "
                + e.getExpectedTxid()
                + " to "
                + (e.getActualTxid() - 1)
                + " any more";
      }
      return true;
    }

    private void add(EventBatch transaction) {
      List<ChangeHint> its = new ArrayList<>();
      for (Event event : transaction.getEvents()) {
        its.addAll(hints.of(event));
        newestMillis = Math.max(newestMillis, HdfsHints.millis(event));
      }
      found.addAll(its.size() > TRANSACTION_MAX_HINTS ? List.of(ChangeHint.below("")) : its);
      last = transaction.getTxid();
      transactions++;
    }

    ChangeBatch batch() {
      long behind = stream.getTxidsBehindEstimate();
      return new ChangeBatch(
          found,
          Long.toString(last),
          newestMillis,
          behind < 0 ? OptionalLong.empty() : OptionalLong.of(behind),
          gap);
    }
  }
}
