/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.TtlAction;
import java.util.concurrent.TimeUnit;

/**
 * When a file is past its time to live: it was last changed so long ago, in its content, its name
 * or its attributes. A user can set the time of the content, as tools do that copy old files, but
 * not that of the last change, so what has just come is never old.
 */
public final class TimeToLive {
  private TimeToLive() {}

  /**
   * Whether a file was left alone for as long as its policy lets it live.
   *
   * @param policy what holds for the file
   */
  public static boolean isPast(Inode file, Policy policy, long nowNanos) {
    return NamespaceView.isFile(file)
        && policy.getTtlMs() > 0
        && !(policy.getPinned() && policy.getTtlAction() == TtlAction.TTL_FREE)
        && isOver(changedNanos(file), policy.getTtlMs(), nowNanos);
  }

  /** Whether so long has passed since a time. */
  public static boolean isOver(long sinceNanos, long ttlMillis, long nowNanos) {
    return sinceNanos <= nowNanos
        && nowNanos - sinceNanos >= TimeUnit.MILLISECONDS.toNanos(ttlMillis);
  }

  private static long changedNanos(Inode file) {
    return Math.max(file.getMtimeNanos(), file.getCtimeNanos());
  }
}
