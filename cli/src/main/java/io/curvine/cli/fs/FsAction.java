/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.Action;
import io.curvine.client.CurvineClient;
import io.curvine.client.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A command that works on the namespace. */
abstract class FsAction extends Action {
  private CurvineClient client;

  /** Does the work; {@link #client()} and {@link #namespace()} are there for as long as it runs. */
  abstract void runConnected() throws IOException;

  @Override
  protected final void run() throws IOException {
    try (CurvineClient connected = connect()) {
      client = connected;
      runConnected();
    }
  }

  final CurvineClient client() {
    return client;
  }

  final Namespace namespace() {
    return client.namespace();
  }

  /** Each path by itself: one that fails is reported, and the others are done. */
  final void each(List<String> paths, PathOperation operation) throws IOException {
    if (paths.size() == 1) {
      operation.apply(RemotePath.parse(paths.get(0)));
      return;
    }
    for (String path : paths) {
      try {
        operation.apply(RemotePath.parse(path));
      } catch (IOException | UncheckedIOException e) {
        problem(e);
      }
    }
  }

  /** What is done to one path. */
  interface PathOperation {
    void apply(RemotePath path) throws IOException;
  }
}
