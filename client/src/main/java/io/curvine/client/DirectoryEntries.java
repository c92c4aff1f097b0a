/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import com.google.protobuf.ByteString;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.DirectoryPage;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.EntryRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The entries of a directory, a page at a time as they are asked for. For one thread. */
final class DirectoryEntries implements Iterator<Entry> {
  private final Namespace namespace;
  private EntryRef directory;
  private List<Entry> page;
  private int next;
  private boolean more;

  /** Asks for the first page, so that a failure shows at once. */
  DirectoryEntries(Namespace namespace, EntryRef at) throws IOException {
    this.namespace = namespace;
    this.directory = at;
    take(namespace.list(at, ByteString.EMPTY, Limits.LIST_PAGE_DEFAULT_ENTRIES));
  }

  private void take(DirectoryPage answer) {
    page = answer.getEntriesList();
    next = 0;
    more = answer.getMore() && !page.isEmpty();
    // The directory that was begun with, whatever its path names by now.
    directory = Refs.inode(answer.getDirectory());
  }

  @Override
  public boolean hasNext() {
    if (next == page.size() && more) {
      try {
        ByteString last = page.get(next - 1).getName();
        take(namespace.list(directory, last, Limits.LIST_PAGE_DEFAULT_ENTRIES));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return next < page.size();
  }

  @Override
  public Entry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.get(next++);
  }
}
