/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.worker.net.ReplyMemory.CONNECTION_MAX_BYTES;
import static io.curvine.worker.net.ReplyMemory.WORKER_MAX_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReplyMemoryTest {
  private static final int MAX = (int) CONNECTION_MAX_BYTES;

  private final AtomicLong worker = new AtomicLong();
  private final AtomicInteger given = new AtomicInteger();
  private final ReplyMemory memory = new ReplyMemory(worker, given::incrementAndGet);

  @Test
  void repliesThatDoNotFitWaitForThoseBefore() throws IOException {
    memory.take(MAX - 10);
    memory.take(10);
    assertThatThrownBy(() -> memory.take(1))
        .isInstanceOfSatisfying(
            ReplyMemory.FullException.class, e -> assertThat(e.needed()).isEqualTo(1));
    assertThat(given).hasValue(0);
    memory.give(10);
    assertThat(given).hasValue(1);
    memory.take(1);
    assertThat(worker).hasValue(MAX - 9);
    assertThat(memory.held()).isEqualTo(MAX - 9);
  }

  @Test
  void aLongReplyGoesAlone() throws IOException {
    memory.take(5);
    assertThatThrownBy(() -> memory.take(3 * MAX)).isInstanceOf(ReplyMemory.FullException.class);
    memory.give(5);
    memory.take(3 * MAX);
    assertThatThrownBy(() -> memory.take(1)).isInstanceOf(ReplyMemory.FullException.class);
  }

  @Test
  void allConnectionsTogetherAreBoundedToo() throws IOException {
    worker.set(WORKER_MAX_BYTES - 10);
    memory.take(10);
    assertThatThrownBy(() -> new ReplyMemory(worker, () -> {}).take(1))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY));
    assertThat(worker).hasValue(WORKER_MAX_BYTES);
  }
}
