/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import java.util.List;

/**
 * How one change of a {@link Batch} ended. Immutable.
 *
 * @param code OK, or why it was refused; UNKNOWN_OUTCOME: it may have been done; UFS_ERROR: it is
 *     done, and the UFS did not follow
 * @param message for people; empty with OK
 * @param inode made or changed; empty where it was refused, and for what was deleted
 * @param jobs work at the UFS of a write-through mount that it caused
 */
public record Outcome(ErrorCode code, String message, Inode inode, List<Long> jobs) {
  public Outcome {
    jobs = List.copyOf(jobs);
  }

  static Outcome failed(ErrorCode code, String message) {
    return new Outcome(code, message, Inode.getDefaultInstance(), List.of());
  }

  public boolean ok() {
    return code == ErrorCode.OK;
  }

  /**
   * The inode.
   *
   * @throws CurvineException what the methods of {@link Namespace} throw, where it is not OK
   */
  public Inode orThrow() throws CurvineException {
    if (!ok()) {
      throw new CurvineException(code, message);
    }
    return inode;
  }
}
