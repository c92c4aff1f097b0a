/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.ReconcileDirectory;
import io.curvine.protocol.proto.UfsEntry;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lists directories of a UFS in pages that ascend by name and leave no gap, each given as soon as
 * it is known: while the UFS is being listed where that lists by name, after it where the names had
 * to be sorted. Holds a page of names, or what {@link EntrySorter} holds. Thread-safe.
 */
final class PagedListing {
  static final int PAGE_ENTRIES = 1_000;

  /** Locations that claim an order and do not keep to it. */
  private final Set<String> disorderly = ConcurrentHashMap.newKeySet();

  /** Takes pages in their order. */
  @FunctionalInterface
  interface PageConsumer {
    void accept(ReconcileDirectory page) throws IOException;

    /** What was given may lack names; all comes again. */
    default void again() {}
  }

  /** Says of each page when the UFS was asked, see {@link OwnChanges#now}. */
  record Asked(long asked, PageConsumer to) implements PageConsumer {
    @Override
    public void accept(ReconcileDirectory page) throws IOException {
      to.accept(page.toBuilder().setAsked(asked).build());
    }

    @Override
    public void again() {
      to.again();
    }
  }

  /**
   * Lists one.
   *
   * @param uri of the location
   * @param directory the inode that the pages are of
   * @throws IOException of the UFS
   * @throws UncheckedIOException with that of a page's consumer
   */
  void read(UnderFileSystem ufs, String uri, String path, long directory, PageConsumer consumer)
      throws IOException {
    if (ufs.capabilities().ordered() && !disorderly.contains(uri)) {
      try {
        Pages pages = new Pages(directory, consumer);
        ufs.list(path, status -> UfsEntries.of(status).ifPresent(pages::add));
        pages.end();
        return;
      } catch (OutOfOrder e) {
        disorderly.add(uri); // what was given is put right by what is given now
        consumer.again();
      }
    }
    try (EntrySorter sorter = new EntrySorter()) {
      ufs.list(path, status -> UfsEntries.of(status).ifPresent(entry -> add(sorter, entry)));
      Pages pages = new Pages(directory, consumer);
      sorter.drain(pages::add);
      pages.end();
    }
  }

  private static void add(EntrySorter sorter, UfsEntry entry) {
    try {
      sorter.add(entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A name came after one that it comes before. */
  private static final class OutOfOrder extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Makes pages of entries that come ascending. */
  static final class Pages {
    private final long directory;
    private final PageConsumer consumer;
    private final List<UfsEntry> entries = new ArrayList<>();
    private ByteString after = ByteString.EMPTY;
    private ByteString last = ByteString.EMPTY;

    Pages(long directory, PageConsumer consumer) {
      this.directory = directory;
      this.consumer = consumer;
    }

    void add(UfsEntry entry) {
      int order = ByteString.unsignedLexicographicalComparator().compare(last, entry.getName());
      if (order > 0) {
        throw new OutOfOrder();
      }
      if (order == 0) {
        return; // a page of the UFS began with the last of the one before
      }
      if (entries.size() == PAGE_ENTRIES) {
        give(last, false);
      }
      entries.add(entry);
      last = entry.getName();
    }

    /** There are no more. */
    void end() {
      give(ByteString.EMPTY, true);
    }

    private void give(ByteString upTo, boolean complete) {
      ReconcileDirectory page =
          ReconcileDirectory.newBuilder()
              .setDirectory(directory)
              .setAfter(after)
              .setUpTo(upTo)
              .addAllEntries(entries)
              .setComplete(complete)
              .build();
      entries.clear();
      after = upTo;
      try {
        consumer.accept(page);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
