/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.CliException;
import io.curvine.cli.admin.AdminClient;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.GetUfsSync;
import io.curvine.protocol.proto.MountSync;
import io.curvine.protocol.proto.SourceSync;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How the leader follows the UFS of one mount. Thread-safe. */
public final class MountWatch implements AutoCloseable {
  /** Its place in the topic is journaled when it has one. */
  private static final String KAFKA = "kafka";

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long FOLLOWING_MAX_NANOS = TimeUnit.MINUTES.toNanos(3);
  private static final long LOOK_MS = 100;

  private final String path;
  private final AdminClient admin;

  /** Of the mount at a path. */
  public MountWatch(List<HostPort> masters, String path) {
    this.path = path;
    this.admin = new AdminClient(masters);
  }

  /** As the leader says now. */
  public MountSync sync() throws IOException {
    return admin
        .leader(
            AdminRequest.newBuilder().setGetUfsSync(GetUfsSync.getDefaultInstance()).build(),
            System.nanoTime() + PATIENCE_NANOS)
        .getUfsSyncState()
        .getMountsList()
        .stream()
        .filter(each -> each.getPath().equals(path))
        .findFirst()
        .orElseThrow(() -> new CliException("the leader does not know of the mount of " + path));
  }

  /** Waits for its one source; it begins at the end of a topic, so nothing may be sent before. */
  public void awaitFollowing() throws IOException, InterruptedException {
    long end = System.nanoTime() + FOLLOWING_MAX_NANOS;
    MountSync now = sync();
    while (!follows(now)) {
      if (System.nanoTime() - end > 0) {
        throw new CliException("the source does not come on: " + now.getSourcesList());
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      now = sync();
    }
  }

  private static boolean follows(MountSync now) {
    return now.getSourcesCount() == 1 && now.getDirtyCount() == 0 && follows(now.getSources(0));
  }

  private static boolean follows(SourceSync source) {
    boolean placed =
        !source.getJournaled().getKind().equals(KAFKA)
            || !source.getJournaled().getCursor().isEmpty();
    return source.getFollowing() && placed;
  }

  @Override
  public void close() throws IOException {
    admin.close();
  }
}
