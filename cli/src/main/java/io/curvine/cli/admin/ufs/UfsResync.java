/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.ufs;

import com.google.protobuf.ByteString;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.ResyncUfs;
import io.curvine.protocol.proto.UfsSyncState;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin ufs resync}. */
@Command(
    name = "resync",
    description = {
      "Have all that is loaded at and below a path compared with its UFS, as after a gap of a change source.",
      "What nobody has looked at yet is not listed: it is when somebody does."
    },
    mixinStandardHelpOptions = true)
public final class UfsResync extends UfsAction {
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  @Parameters(index = "0", paramLabel = "PATH", description = "In the namespace.")
  private String path;

  @Option(names = "--wait", description = "Return when it is done.")
  private boolean wait;

  @Override
  protected void run() throws IOException {
    if (!path.startsWith("/")) {
      throw usage("path is '" + path + "'; allowed: an absolute path of the namespace");
    }
    UfsSyncState state =
        ask(
            AdminRequest.newBuilder()
                .setResyncUfs(ResyncUfs.newBuilder().setPath(ByteString.copyFromUtf8(path)))
                .build());
    boolean dirty = isDirty(state);
    while (wait && dirty) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      if (Thread.currentThread().isInterrupted()) {
        throw new CliException("interrupted; the comparison goes on");
      }
      dirty = isDirty(look());
    }
    print(
        Json.object().put("path", path).put("done", !dirty),
        dirty ? path + " is being compared with its UFS\n" : path + " is as its UFS\n");
  }

  /** Whether a part at the path or below it is still to be compared. */
  private boolean isDirty(UfsSyncState state) {
    String below = path.endsWith("/") ? path : path + "/";
    return state.getMountsList().stream()
        .flatMap(mount -> mount.getDirtyList().stream().map(part -> UfsDirty.at(mount, part)))
        .anyMatch(at -> at.equals(path) || at.startsWith(below));
  }
}
