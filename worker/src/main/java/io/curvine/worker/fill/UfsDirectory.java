/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.fill;

import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;

/** Finds the UFS of a mount. Thread-safe. */
@FunctionalInterface
public interface UfsDirectory {
  /**
   * The UFS of that mount; the caller does not close it.
   *
   * @throws io.curvine.protocol.CurvineException NOT_READY where the mount is not known here (yet);
   *     what the provider says where it cannot be opened
   */
  UnderFileSystem of(int mountId) throws IOException;
}
