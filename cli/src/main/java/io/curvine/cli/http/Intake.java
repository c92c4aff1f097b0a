/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.http;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Where a node's admin port takes what others send it.
 *
 * @param path begins with a slash
 * @param taker is given what was sent; called by HTTP threads, must not block
 */
public record Intake(String path, Taker taker) {
  /**
   * What was sent.
   *
   * @param query parameters of the URI, decoded
   * @param token of the header {@code Authorization}, without the word Bearer; empty: none
   */
  public record Sent(Map<String, String> query, String token, ByteString body) {}

  /** Does something with what was sent. */
  @FunctionalInterface
  public interface Taker {
    /**
     * Takes it.
     *
     * @return completes when it has had its effect, and so may be forgotten by the sender
     */
    CompletableFuture<Void> take(Sent sent);
  }
}
