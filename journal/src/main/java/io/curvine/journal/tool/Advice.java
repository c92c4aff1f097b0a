/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

/** What can be done about what is wrong. */
final class Advice {
  static final String FROM_ANOTHER_MASTER =
      "take the file of another master that has the same segment ('curvine-admin journal diff'"
          + " compares), or have this master fetch a snapshot: stop it, empty its data directory,"
          + " start it";
  static final String COMPARE =
      "compare with another master: 'curvine-admin journal diff'; the journal that differs was"
          + " changed after it was written";
  static final String INDEX = "delete the file while the master is stopped; it is made again";
  static final String CHAIN_FILE =
      "copy the file of another master that has the same segment; the batches have the hash, too";
  static final String TORN = "nothing: the master cuts it off when it starts, and gets it again";
  static final String FOREIGN = "move it elsewhere";
  static final String NEWER = "use a newer curvine-admin";
  static final String BUG = "keep the file and report it";

  private Advice() {}
}
