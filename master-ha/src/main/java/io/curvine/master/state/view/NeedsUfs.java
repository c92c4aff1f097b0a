/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import java.util.List;

/**
 * How a decider or query ends early because the names of directories under cache-mode mounts were
 * never loaded. It is begun again when they are. Carries no stack trace.
 */
public final class NeedsUfs extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Long> directories;

  public NeedsUfs(List<Long> directories) {
    super("names of directories " + directories + " are not loaded", null, false, false);
    this.directories = List.copyOf(directories);
  }

  /** Inodes of the directories to load. */
  public List<Long> directories() {
    return directories;
  }
}
