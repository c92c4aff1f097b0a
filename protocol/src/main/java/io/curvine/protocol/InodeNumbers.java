/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol;

/**
 * The two kinds of numbers of inodes. The masters give most of them, one after the other, from 1. A
 * file whose bytes its client writes before the masters hear of it has the number of the command
 * that creates it: the client knows that one, and no other command has it, ever (ADR 033).
 */
public final class InodeNumbers {
  private static final long OF_COMMAND = 1L << 62;
  private static final int SEQ_BITS = 32;
  private static final long SEQ_MAX = (1L << SEQ_BITS) - 1;
  private static final long SESSION_MAX = (1L << (62 - SEQ_BITS)) - 1;

  /** There is none of that kind. */
  public static final long NONE = 0;

  /** What the blocks of such a file are named by, whatever the versions of the file are. */
  public static final long WRITE_VERSION = 1;

  private InodeNumbers() {}

  /**
   * The number of the file that a command creates.
   *
   * @return {@link #NONE} where the numbers are too large: the masters give it one then
   */
  public static long ofCommand(long session, long seq) {
    boolean fit = session >= 1 && session <= SESSION_MAX && seq >= 1 && seq <= SEQ_MAX;
    return fit ? OF_COMMAND | session << SEQ_BITS | seq : NONE;
  }

  /** It is not one that the masters have counted. */
  public static boolean isOfCommand(long inode) {
    return inode >= OF_COMMAND;
  }
}
