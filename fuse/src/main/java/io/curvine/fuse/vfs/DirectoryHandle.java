/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.DirectoryPage;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One open of a directory. A cookie is the place of an entry in the stream: "." is 0, ".." is 1. A
 * page is listed by the name before it, so entries that come and go do not move the others, and the
 * page in hand is a snapshot. Rewinding lists anew. Thread-safe by its monitor.
 */
final class DirectoryHandle {
  private static final ByteString DOT = ByteString.copyFromUtf8(".");
  private static final ByteString DOT_DOT = ByteString.copyFromUtf8("..");
  private static final int FIRST = 2;

  /** Where a page begins: the cookie of its first entry and the name before it. */
  private record PageStart(long cookie, ByteString after) {}

  /** Adds to listed attributes what this mount wrote and did not publish. */
  @FunctionalInterface
  interface Overlay {
    Inode seen(Inode published) throws IOException;
  }

  private final long directory;
  private final Caller caller;
  private final Backend backend;
  private final RecentChanges changes;
  private final Overlay overlay;
  private final List<PageStart> starts = new ArrayList<>();

  private PageStart start; // of the page in hand; null: none
  private List<Entry> entries = List.of();
  private boolean more;
  private long listedAt;

  DirectoryHandle(
      long directory, Caller caller, Backend backend, RecentChanges changes, Overlay overlay) {
    this.directory = directory;
    this.caller = caller;
    this.backend = backend;
    this.changes = changes;
    this.overlay = overlay;
  }

  long directory() {
    return directory;
  }

  /** Gives entries from the cookie on, until the sink is full or the directory ends. */
  synchronized void read(long cookie, DirectorySink sink) throws IOException {
    long next = cookie;
    if (next == 0) {
      starts.clear();
      start = null;
    }
    if (next == 0 && !sink.add(DOT, directory(directory), ++next, false)) {
      return;
    }
    if (next == 1 && !sink.add(DOT_DOT, directory(DirectorySink.UNKNOWN_INODE), ++next, false)) {
      return;
    }
    while (turnTo(next)) {
      if (!give(next, sink)) {
        return;
      }
      next = start.cookie() + entries.size();
    }
  }

  private static Inode directory(long inode) {
    return Inode.newBuilder().setId(inode).setType(InodeType.DIRECTORY).build();
  }

  private boolean give(long from, DirectorySink sink) throws IOException {
    boolean unchanged = !changes.changedSince(directory, listedAt);
    for (int i = (int) (from - start.cookie()); i < entries.size(); i++) {
      Entry entry = entries.get(i);
      Inode inode = entry.getInode();
      boolean usable = unchanged && !changes.changedSince(inode.getId(), listedAt);
      long next = start.cookie() + i + 1;
      if (!sink.add(entry.getName(), usable ? overlay.seen(inode) : inode, next, usable)) {
        return false;
      }
    }
    return true;
  }

  /** Brings the page that holds the cookie into hand; false past the end. */
  private boolean turnTo(long cookie) throws IOException {
    if (start == null || cookie < start.cookie()) {
      list(startBefore(cookie));
    }
    while (cookie >= start.cookie() + entries.size()) {
      if (!more || entries.isEmpty()) {
        return false;
      }
      ByteString last = entries.get(entries.size() - 1).getName();
      list(new PageStart(start.cookie() + entries.size(), last));
    }
    return true;
  }

  private PageStart startBefore(long cookie) {
    for (int i = starts.size() - 1; i >= 0; i--) {
      if (starts.get(i).cookie() <= cookie) {
        return starts.get(i);
      }
    }
    return new PageStart(FIRST, ByteString.EMPTY);
  }

  private void list(PageStart from) throws IOException {
    listedAt = changes.now();
    DirectoryPage page;
    try {
      page = backend.list(caller, directory, from.after(), Limits.LIST_PAGE_DEFAULT_ENTRIES);
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
      page = DirectoryPage.getDefaultInstance(); // removed while open: it is empty
    }
    start = from;
    entries = page.getEntriesList();
    more = page.getMore();
    if (starts.isEmpty() || starts.get(starts.size() - 1).cookie() < from.cookie()) {
      starts.add(from);
    }
  }
}
