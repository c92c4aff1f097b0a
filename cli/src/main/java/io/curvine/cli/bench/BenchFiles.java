/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.protocol.proto.ErrorCode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The files that one client has made and that exist as far as it was told. A file is a number: what
 * it was made as, and how often it was renamed since. Thread-safe.
 *
 * <p>An odd renaming stays in the directory, an even one goes to the next.
 */
final class BenchFiles {
  private static final int RENAMES_BITS = 20;

  private final int client;
  private final long limit;
  private final LongQueue existing = new LongQueue();
  private final Set<Long> open = new HashSet<>();
  private long made;

  /**
   * None yet.
   *
   * @param client tells the files of one client from those of another
   * @param limit to be made at most
   */
  BenchFiles(int client, long limit) {
    this.client = client;
    this.limit = limit;
  }

  /** A file to be made; empty: no more may be. */
  synchronized OptionalLong toMake() {
    return made < limit ? OptionalLong.of(made++ << RENAMES_BITS) : OptionalLong.empty();
  }

  /** It exists. */
  synchronized void exists(long file) {
    existing.add(file);
  }

  /** Nobody knows whether it exists. */
  synchronized void isOpen(long file) {
    open.add(file);
  }

  // --- how calls ended; anything but OK and an open outcome is a refusal: nothing was done ---

  void created(long file, ErrorCode code) {
    if (code == ErrorCode.OK) {
      exists(file);
    } else if (outcomeIsOpen(code)) {
      isOpen(file);
    }
  }

  void renamed(long file, ErrorCode code) {
    if (outcomeIsOpen(code)) {
      isOpen(file);
      isOpen(renamed(file));
    } else {
      exists(code == ErrorCode.OK ? renamed(file) : file);
    }
  }

  void deleted(long file, ErrorCode code) {
    if (outcomeIsOpen(code)) {
      isOpen(file);
    } else if (code != ErrorCode.OK) {
      exists(file);
    }
  }

  private static boolean outcomeIsOpen(ErrorCode code) {
    return code == ErrorCode.UNKNOWN_OUTCOME || code == ErrorCode.INTERNAL;
  }

  /** The oldest, which nobody else gets until it is said to exist again; empty: there is none. */
  synchronized OptionalLong take() {
    return existing.size() == 0 ? OptionalLong.empty() : OptionalLong.of(existing.remove());
  }

  /** Any; empty: there is none. */
  synchronized OptionalLong any() {
    int size = existing.size();
    return size == 0
        ? OptionalLong.empty()
        : OptionalLong.of(existing.get(ThreadLocalRandom.current().nextInt(size)));
  }

  synchronized int count() {
    return existing.size();
  }

  /** All that exist, sorted. An array: a run can make tens of millions. */
  synchronized long[] all() {
    long[] all = new long[existing.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = existing.get(i);
    }
    Arrays.sort(all);
    return all;
  }

  /** All of which nobody knows. */
  synchronized Set<Long> allOpen() {
    return Set.copyOf(open);
  }

  static long renamed(long file) {
    return file + 1;
  }

  /** Number of its directory, to be counted round and round. */
  static long directory(long file) {
    return (file >> RENAMES_BITS) + renames(file) / 2;
  }

  String name(long file) {
    return prefix() + (file >> RENAMES_BITS) + "." + renames(file);
  }

  /** The file of that name; empty: it is not one of this client's. */
  OptionalLong parse(String name) {
    int dot = name.lastIndexOf('.');
    if (!name.startsWith(prefix()) || dot < 0) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(name, prefix().length(), dot, 10);
    return OptionalLong.of(number << RENAMES_BITS | Long.parseLong(name.substring(dot + 1)));
  }

  private String prefix() {
    return "f" + client + "-";
  }

  private static long renames(long file) {
    return file & ((1 << RENAMES_BITS) - 1);
  }
}
