/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.members;

import java.io.IOException;

/** Why a master ends that the others have removed: as it was asked to. */
public final class RemovedException extends IOException {
  private static final long serialVersionUID = 1;

  /** Says what can be done with the machine. */
  public RemovedException() {
    super(
        "it was removed from the cluster and is not needed any more; to have it added anew, give it"
            + " an empty data_dir");
  }
}
