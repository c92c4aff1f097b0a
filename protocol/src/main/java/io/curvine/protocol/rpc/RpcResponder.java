/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import io.curvine.protocol.proto.MasterResponse;

/** Answers one request, once, from any thread. */
@FunctionalInterface
public interface RpcResponder {
  void respond(MasterResponse response);
}
