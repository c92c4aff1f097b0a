/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.ufs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.cli.output.Table;
import io.curvine.protocol.proto.DirtySubtree;
import io.curvine.protocol.proto.MountSync;
import io.curvine.protocol.proto.UfsSyncState;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin ufs dirty}. */
@Command(
    name = "dirty",
    description = "Show the parts of mounts that are yet to be compared with their UFSs, and why.",
    mixinStandardHelpOptions = true)
public final class UfsDirty extends UfsAction {
  @Parameters(index = "0", arity = "0..1", paramLabel = "PATH", description = "Only this mount.")
  private String path;

  @Override
  protected void run() throws IOException {
    UfsSyncState state = look();
    ArrayNode json = Json.array();
    Table table = new Table("PATH", ">SINCE", "WHY");
    for (MountSync mount : mounts(state, path)) {
      for (DirtySubtree part : mount.getDirtyList()) {
        String at = at(mount, part);
        json.addObject()
            .put("path", at)
            .put("sinceMs", TimeUnit.NANOSECONDS.toMillis(part.getSinceNanos()))
            .put("why", part.getWhy());
        table.row(
            Printable.of(at),
            ago(state.getNowNanos(), part.getSinceNanos()),
            Printable.of(part.getWhy()));
      }
    }
    print(json, table.isEmpty() ? "nothing is dirty\n" : table.render());
  }

  /** In the namespace. */
  static String at(MountSync mount, DirtySubtree part) {
    String below = part.getPath().toStringUtf8();
    if (below.isEmpty()) {
      return mount.getPath();
    }
    return (mount.getPath().equals("/") ? "" : mount.getPath()) + "/" + below;
  }
}
