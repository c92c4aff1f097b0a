/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import io.curvine.worker.store.BlockTable.Row;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A block's row of its directory's table, and what the directory counts for the block. The block's
 * lock guards it.
 *
 * <p>The row says whether its count of bytes is right; it is not while pages change.
 */
final class BlockRow {
  private final TierDir dir;
  private final int number;
  private final BlockKey key;

  /** Read without the lock by those who only look. */
  private volatile BlockState state;

  private long validLength;
  private long bytes;
  private boolean counted;

  /** Read without the lock by those who only look. */
  private volatile boolean kept;

  /** Its writer told the masters of it. Read without the lock by those who only look. */
  private volatile boolean published;

  private long sequence;
  private long accountedBytes;
  private long accountedPinned;
  private long accountedStale;
  private long accountedKept;

  BlockRow(TierDir dir, int number, Row content) {
    this.dir = dir;
    this.number = number;
    this.key = content.key();
    this.state = content.state();
    this.validLength = content.validLength();
    this.bytes = content.bytes();
    this.counted = content.counted();
    this.kept = content.kept();
    this.published = content.published();
    this.sequence = content.sequence();
  }

  TierDir dir() {
    return dir;
  }

  BlockState state() {
    return state;
  }

  /** Takes a state that is written later, or was found. */
  void setState(BlockState next) {
    state = next;
  }

  /** Others may read it, as far as it is written. */
  boolean readable() {
    return state.sealed() || (state == BlockState.WRITING && published);
  }

  /**
   * A writer goes on at a length; of one that begins anew, nobody may count on anything: that is
   * durable before what was there is cut.
   */
  void open(BlockPages pages, long length) throws IOException {
    boolean read = readable();
    published = length > 0 && read;
    state = BlockState.WRITING;
    write(pages, false);
    if (read && !published) {
      dir.forceTable();
    }
  }

  /** What is written counts from now on, and all of it is there. */
  void finish() {
    published = true;
    state = BlockState.PINNED;
  }

  /** What is written counts from now on. */
  void publish() {
    published = true;
  }

  /** A policy keeps it: it is not evicted while it is cached. */
  boolean kept() {
    return kept;
  }

  /** Takes what is written later. */
  void setKept(boolean keep) {
    kept = keep;
  }

  /** A commit with this replica, or without it, says something new of the block. */
  boolean changesWhenCommitted(boolean named) {
    return named
        ? state == BlockState.STALE
        : state == BlockState.PINNED || state == BlockState.WRITING;
  }

  /** It may be evicted. */
  boolean evictable() {
    return state == BlockState.CACHED && !kept;
  }

  /** How far the block was written, or filled. */
  long validLength() {
    return validLength;
  }

  void setValidLength(long length) {
    validLength = length;
  }

  /** The block is valid up to a length at least. */
  void grow(long length) {
    validLength = Math.max(validLength, length);
  }

  /** Of the block's pages, as far as is known. */
  long bytes() {
    return bytes;
  }

  /** The count of bytes in the table is right. */
  boolean counted() {
    return counted;
  }

  /** Before pages change: the count is not right until it is written again. */
  void changing(BlockPages pages) throws IOException {
    if (counted) {
      write(pages, false);
    }
  }

  /** Writes all that the row says. */
  void write(BlockPages pages, boolean nowCounted) throws IOException {
    counted = nowCounted;
    count(pages);
    sequence++;
    dir.writeRow(
        number, new Row(key, state, validLength, bytes, counted, kept, published, sequence));
  }

  private void count(BlockPages pages) {
    bytes = pages == null ? bytes : pages.bytes();
  }

  /** Tells the directory what the block takes now. What it keeps too much of, it does not keep. */
  void account(BlockPages pages) {
    count(pages);
    tell();
    if (accountedKept > 0 && dir.keepsTooMuch()) {
      kept = false;
      dir.refusedToKeep();
      tell();
    }
  }

  private void tell() {
    long pinned = state == BlockState.CACHED ? 0 : bytes;
    long stale = state == BlockState.STALE ? bytes : 0;
    long keptNow = state == BlockState.CACHED && kept ? bytes : 0;
    dir.account(bytes - accountedBytes, pinned - accountedPinned, stale - accountedStale);
    dir.accountKept(keptNow - accountedKept);
    accountedBytes = bytes;
    accountedPinned = pinned;
    accountedStale = stale;
    accountedKept = keptNow;
  }

  /** What the directory counts for the block. */
  long accountedBytes() {
    return accountedBytes;
  }

  /** The row goes, and then the block's file. */
  void remove(Path file) throws IOException {
    dir.remove(number, file);
  }

  /** The directory counts nothing for the block any more. */
  void settle() {
    dir.account(-accountedBytes, -accountedPinned, -accountedStale);
    dir.accountKept(-accountedKept);
    accountedKept = 0;
    accountedBytes = 0;
    accountedPinned = 0;
    accountedStale = 0;
  }
}
