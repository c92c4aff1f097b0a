/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.ratis.server.raftlog.RaftLog;
import org.junit.jupiter.api.Test;

final class EntryAppenderTest {
  /** The library went on from the 8,537th when the reply was not to the last request. */
  @Test
  void whatAFollowerSaysItNeedsIsSent() {
    assertThat(EntryAppender.nextIndex(RaftLog.INVALID_LOG_INDEX, 418)).isEqualTo(418);
    assertThat(EntryAppender.nextIndex(8_537, 418)).isEqualTo(418);
    assertThat(EntryAppender.nextIndex(8_537, 0)).isZero();
  }

  @Test
  void whatItRefusedIsNotSentAgain() {
    assertThat(EntryAppender.nextIndex(418, 418)).isEqualTo(417);
    assertThat(EntryAppender.nextIndex(0, 0)).isZero();
  }
}
