/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** The database failed or was closed. The node cannot go on with it. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether files of the database are not what was written; a restart does not mend that. */
  public boolean corrupt() {
    return getCause() instanceof RocksDBException e
        && e.getStatus() != null
        && e.getStatus().getCode() == Status.Code.Corruption;
  }
}
