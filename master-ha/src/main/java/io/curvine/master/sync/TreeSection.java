/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.UfsEntry;
import io.curvine.ufs.UfsStatus.Kind;
import io.curvine.ufs.UfsTreePage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one page of a location's flat listing says of one directory: its children in a range of
 * keys. A child's key is its name, with a slash at its end where it is a directory, so that a
 * directory {@code a} comes after {@code a-b}. Immutable but for who makes it.
 */
final class TreeSection {
  private final String path;
  private final ByteString after;
  private ByteString upTo = ByteString.EMPTY;
  private boolean ended = true;
  private final SortedMap<ByteString, UfsEntry> seen =
      new TreeMap<>(ByteString.unsignedLexicographicalComparator());

  private TreeSection(String path, String after) {
    this.path = path;
    this.after = ByteString.copyFromUtf8(after);
  }

  /** The directory, in the location. */
  String path() {
    return path;
  }

  /** The key up to which pages before this one have come; empty: the directory begins here. */
  ByteString after() {
    return after;
  }

  /** The key up to which this page has come, where the directory has not ended; empty: to none. */
  ByteString upTo() {
    return upTo;
  }

  /** There is nothing more of the directory after this page. */
  boolean ended() {
    return ended;
  }

  /** Whether this page has come to a key of the directory. */
  boolean passed(ByteString key) {
    return ended || ByteString.unsignedLexicographicalComparator().compare(key, upTo) <= 0;
  }

  /** Whether the page says nothing of the directory. */
  boolean isEmpty() {
    return !ended && upTo.equals(after);
  }

  /** The children in between, by name. An object hides a directory of its name. */
  SortedMap<ByteString, UfsEntry> seen() {
    return Collections.unmodifiableSortedMap(seen);
  }

  /**
   * The names whose directories come later than a key though the names come before it: what it
   * begins with, where a character below the slash follows.
   */
  static List<ByteString> beginnings(ByteString key) {
    List<ByteString> beginnings = new ArrayList<>();
    for (int length = 1; length < key.size(); length++) {
      byte next = key.byteAt(length);
      if (next >= 0 && next < '/') {
        beginnings.add(key.substring(0, length));
      }
    }
    return beginnings;
  }

  /**
   * The directories of which a page says anything, each after those in it.
   *
   * @param after what the page was asked for with
   */
  static List<TreeSection> of(String after, UfsTreePage page) {
    Making making = new Making(after);
    page.items().forEach(making::add);
    return making.end(page);
  }

  private static final class Making {
    private final Deque<TreeSection> open = new ArrayDeque<>();
    private final List<TreeSection> made = new ArrayList<>();

    /** Goes on in the directories that the key is in, as far as they can be named. */
    Making(String after) {
      int from = 0;
      int slash;
      do {
        slash = after.indexOf('/', from);
        String path = after.substring(0, Math.max(0, from - 1));
        open.push(new TreeSection(path, keyAt(after, from)));
        boolean named = slash != from;
        from = slash + 1;
        if (!named) {
          return;
        }
      } while (slash >= 0);
    }

    /** The key of the child that is at a place in a key. */
    private static String keyAt(String key, int from) {
      int slash = key.indexOf('/', from);
      return key.substring(from, slash < 0 ? key.length() : slash + 1);
    }

    private static boolean isIn(String key, String directory) {
      return directory.isEmpty()
          || (key.startsWith(directory)
              && key.length() > directory.length()
              && key.charAt(directory.length()) == '/');
    }

    private void leave(String key) {
      while (!isIn(key, open.peek().path)) {
        made.add(open.pop());
      }
    }

    void add(UfsTreePage.Item item) {
      String key = item.key();
      leave(key);
      int from = open.peek().path.isEmpty() ? 0 : open.peek().path.length() + 1;
      for (int slash = key.indexOf('/', from); slash >= 0; slash = key.indexOf('/', from)) {
        UfsEntry directory =
            UfsEntries.directory(ByteString.copyFromUtf8(key.substring(from, slash)));
        open.peek().seen.putIfAbsent(directory.getName(), directory);
        open.push(new TreeSection(key.substring(0, slash), ""));
        from = slash + 1;
      }
      if (item.status().kind() != Kind.DIRECTORY) {
        UfsEntries.of(item.status())
            .ifPresent(entry -> open.peek().seen.put(entry.getName(), entry));
      }
    }

    List<TreeSection> end(UfsTreePage page) {
      if (page.more()) {
        leave(page.last());
        for (TreeSection section : open) {
          int from = section.path.isEmpty() ? 0 : section.path.length() + 1;
          section.ended = false;
          section.upTo = ByteString.copyFromUtf8(keyAt(page.last(), from));
        }
      }
      made.addAll(open);
      return made;
    }
  }
}
