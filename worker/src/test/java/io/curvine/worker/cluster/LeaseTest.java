/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);

  private void pass(long millis) {
    nanos.addAndGet(millis * 1_000_000);
  }

  @Test
  void needsAMajorityAndCountsFromTheSending() {
    Lease lease = new Lease(3, nanos::get);
    assertThat(lease.held()).isFalse();
    long sent = nanos.get();
    lease.granted(0, sent, 1000);
    assertThat(lease.held()).isFalse();
    pass(400);
    lease.granted(2, sent, 1000);
    assertThat(lease.held()).isTrue();
    pass(599);
    assertThat(lease.held()).isTrue();
    pass(1);
    assertThat(lease.held()).isFalse();
  }

  @Test
  void oneMasterAloneCannotKeepItServing() {
    Lease lease = new Lease(3, nanos::get);
    lease.granted(0, nanos.get(), 1000);
    lease.granted(1, nanos.get(), 1000);
    for (int i = 0; i < 10; i++) {
      pass(200);
      lease.granted(1, nanos.get(), 1000);
    }
    assertThat(lease.held()).isFalse();
  }
}
