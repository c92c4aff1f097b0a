/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;

/**
 * The children of one UFS directory as they were at one moment, ascending by the unsigned bytes of
 * their names in UTF-8, which is the namespace's order. Immutable, hence thread-safe.
 *
 * <p>Held in memory: about 300 bytes an entry while it lives.
 */
public final class DirectoryListing implements Iterable<List<UfsStatus>> {
  /** Entries in one page. */
  public static final int PAGE_MAX_ENTRIES = 1_000;

  private final List<UfsStatus> entries;

  private DirectoryListing(List<UfsStatus> entries) {
    this.entries = entries;
  }

  /**
   * Lists a directory to its end.
   *
   * @throws IOException as {@link UnderFileSystem#list}
   */
  public static DirectoryListing read(UnderFileSystem ufs, String directory) throws IOException {
    TreeMap<byte[], UfsStatus> sorted = new TreeMap<>(Arrays::compareUnsigned);
    ufs.list(directory, child -> sorted.put(child.name().getBytes(StandardCharsets.UTF_8), child));
    return new DirectoryListing(Collections.unmodifiableList(new ArrayList<>(sorted.values())));
  }

  /** All of them, ascending. */
  public List<UfsStatus> entries() {
    return entries;
  }

  /** Pages of at most {@link #PAGE_MAX_ENTRIES}, ascending; none for an empty directory. */
  @Override
  public Iterator<List<UfsStatus>> iterator() {
    return new Iterator<>() {
      private int from;

      @Override
      public boolean hasNext() {
        return from < entries.size();
      }

      @Override
      public List<UfsStatus> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        int to = Math.min(entries.size(), from + PAGE_MAX_ENTRIES);
        List<UfsStatus> page = entries.subList(from, to);
        from = to;
        return page;
      }
    };
  }
}
