/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.JobAttempted;
import io.curvine.protocol.proto.JobFinished;
import org.junit.jupiter.api.Test;

class JobCountsTest {
  private final JobCounts counts = new JobCounts();

  private void ends(boolean succeeded, ErrorCode code) {
    counts.observe(
        Event.newBuilder()
            .setJobFinished(JobFinished.newBuilder().setSucceeded(succeeded).setCode(code))
            .build());
  }

  @Test
  void conflictsCountOnceInBothModes() {
    ends(true, ErrorCode.OK);
    ends(false, ErrorCode.NOT_FOUND);
    ends(false, ErrorCode.UFS_CONFLICT); // cache mode
    counts.observe(
        Event.newBuilder()
            .setJobAttempted(JobAttempted.newBuilder().setCode(ErrorCode.UFS_CONFLICT))
            .build());
    ends(true, ErrorCode.UFS_CONFLICT); // fs mode, after the attempt above
    assertThat(counts.failed()).isEqualTo(2);
    assertThat(counts.conflicts()).isEqualTo(2);
  }
}
