/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

/**
 * One step of a test.
 *
 * @param view which of the mounts it is made on, where there are several
 */
record Step(User user, int view, Operation operation) {
  /** Makes it; gives the outcome. */
  String on(Tree tree) {
    if (user == User.ROOT) {
      return operation.call().on(tree);
    }
    Posix.standFor(user);
    try {
      return operation.call().on(tree);
    } finally {
      Posix.standFor(User.ROOT);
    }
  }

  @Override
  public String toString() {
    return operation
        + (user == User.ROOT ? "" : " as uid " + user.uid)
        + (view == 0 ? "" : " @" + view);
  }
}
