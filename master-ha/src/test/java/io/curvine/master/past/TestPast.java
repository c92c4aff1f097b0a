/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import com.google.protobuf.ByteString;
import io.curvine.master.command.RandomHistory;
import io.curvine.master.query.NamespaceListing;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.store.StateStore;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The past of a random history, as a master has it. */
final class TestPast implements AutoCloseable {
  static final Principal ROOT = Principal.newBuilder().setUser("root").build();

  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final PastSources sources;
  private final PastStates states;

  TestPast(RandomHistory history, Path directory) throws IOException {
    this(history, directory, Long.MAX_VALUE);
  }

  TestPast(RandomHistory history, Path directory, long freeBytes) throws IOException {
    WorkerRegistry nobody =
        new WorkerRegistry(Duration.ofSeconds(1), id -> false, System::nanoTime);
    this.sources = new PastSources(history::journal, history.snapshots());
    this.states =
        new PastStates(
            new PastStates.Settings(directory, 2, Duration.ofMinutes(5), 1_000),
            sources,
            () -> freeBytes,
            store -> new QueryEngine(store, nobody, key -> false),
            thread,
            System::nanoTime);
  }

  PastStates states() {
    return states;
  }

  PastSources sources() {
    return sources;
  }

  /** Opens a state, however long it takes. */
  void open(long offset) throws IOException {
    try {
      boolean open = false;
      while (!open) {
        open = states.open(offset, Duration.ofSeconds(5)).get(60, TimeUnit.SECONDS).open();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("offset " + offset + " is not opened", e);
    }
  }

  /** All entries of a state by path. */
  static Map<String, Inode> listing(StateStore store) {
    Map<String, Inode> all = new TreeMap<>();
    try (NamespaceListing listing = NamespaceListing.of(store)) {
      for (List<NamespaceListing.Listed> page = listing.next(500);
          !page.isEmpty();
          page = listing.next(500)) {
        page.forEach(each -> all.put(text(each.path()), each.inode()));
      }
    }
    return all;
  }

  static String text(ByteString path) {
    String text = path.toStringUtf8();
    return text.startsWith("//") ? text.substring(1) : text;
  }

  @Override
  public void close() {
    states.close();
    thread.shutdownNow();
  }
}
