/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import java.util.Arrays;

/**
 * What is known of a block's pages: for each how many of its first bytes are there, their CRC32C,
 * whether that checksum is still to be computed, and when the file had been checked last. Not
 * thread-safe: its block guards it.
 */
final class Pages {
  private static final int OPEN = 1 << 31;

  /** Length, with the sign bit set where the checksum is not known yet. 0: the page is missing. */
  private int[] lengths = {};

  private int[] checksums = {};
  private long[] verified = {};

  int count() {
    return lengths.length;
  }

  /** Bytes of the page that are there; 0: it is missing. */
  int length(int page) {
    return page < lengths.length ? lengths[page] & ~OPEN : 0;
  }

  int checksum(int page) {
    return page < checksums.length ? checksums[page] : 0;
  }

  /** Written, and its checksum not computed since. */
  boolean open(int page) {
    return page < lengths.length && lengths[page] < 0;
  }

  /** The file's time of change when the page was last found right; 0: not since it was put. */
  long verified(int page) {
    return page < verified.length ? verified[page] : 0;
  }

  void setVerified(int page, long fileTime) {
    verified[page] = fileTime;
  }

  void clearVerified() {
    Arrays.fill(verified, 0);
  }

  void put(int page, int length, int checksum) {
    grow(page);
    lengths[page] = length;
    checksums[page] = checksum;
    verified[page] = 0;
  }

  void putOpen(int page, int length) {
    grow(page);
    lengths[page] = length | OPEN;
    verified[page] = 0;
  }

  void remove(int page) {
    if (page < lengths.length) {
      lengths[page] = 0;
    }
  }

  /** Forgets all pages from this one on. */
  void cut(int pages) {
    if (pages < lengths.length) {
      lengths = Arrays.copyOf(lengths, pages);
      checksums = Arrays.copyOf(checksums, pages);
      verified = Arrays.copyOf(verified, pages);
    }
  }

  long bytes() {
    long sum = 0;
    for (int length : lengths) {
      sum += length & ~OPEN;
    }
    return sum;
  }

  private void grow(int page) {
    if (page >= lengths.length) {
      int size = page + 1;
      lengths = Arrays.copyOf(lengths, size);
      checksums = Arrays.copyOf(checksums, size);
      verified = Arrays.copyOf(verified, size);
    }
  }
}
