/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.net.HostPort;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseTest {
  private static final HostPort M1 = new HostPort("m", 1);
  private static final HostPort M2 = new HostPort("m", 2);
  private static final HostPort M3 = new HostPort("m", 3);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);

  private void pass(long millis) {
    nanos.addAndGet(millis * 1_000_000);
  }

  @Test
  void needsAMajorityAndCountsFromTheSending() {
    Lease lease = new Lease(List.of(M1, M2, M3), nanos::get);
    assertThat(lease.held()).isFalse();
    long sent = nanos.get();
    lease.granted(M1, sent, 1000);
    assertThat(lease.held()).isFalse();
    pass(400);
    lease.granted(M3, sent, 1000);
    assertThat(lease.held()).isTrue();
    pass(599);
    assertThat(lease.held()).isTrue();
    pass(1);
    assertThat(lease.held()).isFalse();
  }

  @Test
  void oneMasterAloneCannotKeepItServing() {
    Lease lease = new Lease(List.of(M1, M2, M3), nanos::get);
    lease.granted(M1, nanos.get(), 1000);
    lease.granted(M2, nanos.get(), 1000);
    for (int i = 0; i < 10; i++) {
      pass(200);
      lease.granted(M2, nanos.get(), 1000);
    }
    assertThat(lease.held()).isFalse();
  }

  @Test
  void countsAmongTheMastersThatThereAreNow() {
    Lease lease = new Lease(List.of(M1, M2, M3), nanos::get);
    lease.granted(M1, nanos.get(), 1000);
    lease.granted(M2, nanos.get(), 1000);
    HostPort fourth = new HostPort("m", 4);
    lease.follow(List.of(M3, fourth));
    assertThat(lease.held()).as("what was granted holds").isTrue();
    pass(500);
    lease.granted(M1, nanos.get(), 1000);
    lease.granted(fourth, nanos.get(), 1000);
    pass(500);
    assertThat(lease.held()).as("one of two, and one that is gone").isFalse();
    lease.granted(fourth, nanos.get(), 1000);
    lease.granted(M3, nanos.get(), 1000);
    assertThat(lease.held()).isTrue();
  }
}
