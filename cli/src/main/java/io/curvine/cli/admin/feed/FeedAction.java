/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.feed;

import io.curvine.cli.Action;
import io.curvine.cli.admin.AdminClient;
import io.curvine.client.ClientConfig;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.FeedState;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A command that asks the leader about the feed's consumers. */
abstract class FeedAction extends Action {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  FeedState look() throws IOException {
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      return client.feedState(System.nanoTime() + PATIENCE_NANOS);
    }
  }

  /** What the leader says when it has done what it was asked. */
  FeedState ask(AdminRequest request) throws IOException {
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      return client.leader(request, System.nanoTime() + PATIENCE_NANOS).getFeedState();
    }
  }
}
