/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.ufs;

import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.admin.AdminClient;
import io.curvine.client.ClientConfig;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.GetUfsSync;
import io.curvine.protocol.proto.MountSync;
import io.curvine.protocol.proto.UfsSyncState;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command that asks the leader how mounts follow their UFSs. */
abstract class UfsAction extends Action {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  UfsSyncState look() throws IOException {
    return ask(AdminRequest.newBuilder().setGetUfsSync(GetUfsSync.getDefaultInstance()).build());
  }

  /** What the leader says when it has done what it was asked. */
  UfsSyncState ask(AdminRequest request) throws IOException {
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      return client.leader(request, System.nanoTime() + PATIENCE_NANOS).getUfsSyncState();
    }
  }

  /** Those that are mounted at a path; all of them where it is null. */
  static List<MountSync> mounts(UfsSyncState state, String path) throws CliException {
    if (path == null) {
      return state.getMountsList();
    }
    List<MountSync> there =
        state.getMountsList().stream().filter(each -> each.getPath().equals(path)).toList();
    if (there.isEmpty()) {
      throw new CliException(
          path
              + " is no cache-mode mount; there are "
              + state.getMountsList().stream().map(MountSync::getPath).toList());
    }
    return there;
  }

  /** How long ago, in words; never where the time is 0. */
  static String ago(long nowNanos, long nanos) {
    return nanos == 0 ? "-" : duration(TimeUnit.NANOSECONDS.toMillis(nowNanos - nanos));
  }

  static String duration(long millis) {
    long ms = Math.max(0, millis);
    if (ms < 1_000) {
      return ms + " ms";
    }
    long s = ms / 1_000;
    if (s < 120) {
      return s + " s";
    }
    return s < 7_200 ? s / 60 + " min" : s / 3_600 + " h";
  }
}
