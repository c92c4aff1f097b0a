/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.http;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A page of a node's admin port that may be long.
 *
 * @param path begins with a slash
 * @param type as in the header {@code Content-Type}
 * @param content writes it; called by HTTP threads, for a few readers at a time
 */
public record Page(String path, String type, Content content) {
  /** What the page shows. */
  @FunctionalInterface
  public interface Content {
    /**
     * Its form shows its reader whether it is whole.
     *
     * @throws IOException where it cannot go on; what was written by then has been sent
     */
    void writeTo(OutputStream out) throws IOException;
  }
}
