/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

/** Whether an extended attribute may, must or must not exist before it is set. */
public enum XattrMode {
  CREATE_OR_REPLACE,
  /** Refused with ALREADY_EXISTS where it exists. */
  CREATE,
  /** Refused with NO_SUCH_ATTRIBUTE where it does not exist. */
  REPLACE
}
