/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.ufs.UfsPaths;
import io.curvine.ufs.UfsStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Puts the children of one directory from the order of keys into that of names. They differ where a
 * directory's name is the beginning of other names: {@code a-b} comes before {@code a/}, though
 * {@code a} comes before {@code a-b}. Such names are held back until it is known whether there is
 * the directory: the listing has passed its place, or {@value #HELD_MAX} are held and the store is
 * asked. Of a server that lists in another order all is given, in an order that is none. Owned by
 * one thread.
 */
final class S3NameOrder {
  private static final int HELD_MAX = 1_000;

  private final Probe probe;
  private final Consumer<String> hidden;
  private final Consumer<UfsStatus> out;
  private final TreeMap<byte[], UfsStatus> held = new TreeMap<>(Arrays::compareUnsigned);

  /** Beginnings of the newest name whose place as a directory is yet to come; the longest first. */
  private final Deque<Beginning> open = new ArrayDeque<>();

  private byte[] last = {};

  /** Whether a directory of that name exists. */
  @FunctionalInterface
  interface Probe {
    boolean exists(String name) throws CurvineException;
  }

  /** What is known of a name whose directory would come later. */
  private enum Known {
    /** Whether there is a directory. */
    NOTHING,
    /** There is an object, which hides a directory. */
    FILE,
    /** The store was asked: a directory was given out, or one that comes is newer than that. */
    ASKED
  }

  private static final class Beginning {
    private final byte[] name;
    private final byte[] place;
    private Known known;

    Beginning(byte[] name, Known known) {
      this.name = name;
      this.place = Arrays.copyOf(name, name.length + 1);
      this.place[name.length] = '/';
      this.known = known;
    }

    String text() {
      return new String(name, StandardCharsets.UTF_8);
    }
  }

  /**
   * An order.
   *
   * @param hidden is told the names of directories that are left out for an object
   * @param out is given the children
   */
  S3NameOrder(Probe probe, Consumer<String> hidden, Consumer<UfsStatus> out) {
    this.probe = probe;
    this.hidden = hidden;
    this.out = out;
  }

  /** The next in the order of keys is an object. */
  void file(UfsStatus file) throws CurvineException {
    byte[] name = bytes(file.name());
    reach(name);
    held.put(name, file);
    begin(name);
    open.push(new Beginning(name, Known.FILE));
    release();
  }

  /** The next is a directory. */
  void directory(UfsStatus directory) throws CurvineException {
    byte[] name = bytes(directory.name());
    byte[] place = Arrays.copyOf(name, name.length + 1);
    place[name.length] = '/';
    reach(place);
    Beginning known = open.peek();
    if (known == null || !Arrays.equals(known.name, name)) {
      held.put(name, directory);
      begin(name);
    } else {
      open.pop();
      switch (known.known) {
        case NOTHING -> held.put(name, directory);
        case FILE -> hidden.accept(directory.name());
        case ASKED -> {}
      }
    }
    release();
  }

  /** There are no more. */
  void finish() {
    open.clear();
    giveBefore(null);
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  private void reach(byte[] place) {
    if (Arrays.compareUnsigned(last, place) > 0) {
      finish(); // not in order: nothing can be said of what comes later
    }
    last = place;
    while (!open.isEmpty() && Arrays.compareUnsigned(place, open.peek().place) > 0) {
      open.pop();
    }
  }

  /** Those that are shorter than the longest open one are open, too, or are known. */
  private void begin(byte[] name) {
    int from = open.isEmpty() ? 1 : open.peek().name.length + 1;
    for (int length = from; length < name.length; length++) {
      if (name[length] >= 0 && name[length] < '/') {
        Beginning beginning = new Beginning(Arrays.copyOf(name, length), Known.NOTHING);
        if (UfsPaths.nameable(beginning.text())) {
          open.push(beginning);
        }
      }
    }
  }

  private void release() throws CurvineException {
    Beginning first = giveKnown();
    while (first != null && held.size() >= HELD_MAX) {
      if (probe.exists(first.text())) {
        out.accept(S3Statuses.directory(first.text()));
      }
      first.known = Known.ASKED;
      first = giveKnown();
    }
  }

  /** Gives what nothing can come before any more; the name that the rest waits for, or null. */
  private Beginning giveKnown() {
    Iterator<Beginning> shortestFirst = open.descendingIterator();
    while (shortestFirst.hasNext()) {
      Beginning each = shortestFirst.next();
      if (each.known == Known.NOTHING) {
        giveBefore(each.name);
        return each;
      }
    }
    giveBefore(null);
    return null;
  }

  private void giveBefore(byte[] name) {
    while (!held.isEmpty() && (name == null || Arrays.compareUnsigned(held.firstKey(), name) < 0)) {
      out.accept(held.pollFirstEntry().getValue());
    }
  }
}
