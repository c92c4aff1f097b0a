/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

/** On whose behalf a step is made. */
enum User {
  ROOT(0, 0),
  OTHER(1_000, 1_000);

  final int uid;
  final int gid;

  User(int uid, int gid) {
    this.uid = uid;
    this.gid = gid;
  }
}
