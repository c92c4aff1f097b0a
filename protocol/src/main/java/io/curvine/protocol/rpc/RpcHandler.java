/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import io.curvine.protocol.proto.MasterRequest;

/**
 * Serves requests. Called on an event loop: it must not block, and answers by the responder when it
 * can.
 */
@FunctionalInterface
public interface RpcHandler {
  void handle(MasterRequest request, RpcResponder responder);
}
