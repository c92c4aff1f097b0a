/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.policy;

import io.curvine.cli.Action;
import io.curvine.cli.fs.RemotePath;
import io.curvine.client.CurvineClient;
import io.curvine.client.Namespace;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.PolicyChange;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine unpin}: what is cached may be evicted again. */
@Command(
    name = "unpin",
    description = {
      "Let what is cached of files be evicted and freed again.",
      "Where a directory above is pinned, this path is said not to be. What is below it and was"
          + " pinned by a command of its own stays pinned. For the owner and the superuser."
    },
    mixinStandardHelpOptions = true)
public final class UnpinCommand extends Action {
  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Files, or directories with all below.")
  private List<String> paths;

  @Override
  protected void run() throws IOException {
    try (CurvineClient client = connect()) {
      for (String path : paths) {
        unpin(client.namespace(), RemotePath.parse(path).ref());
      }
    }
  }

  /** Says nothing where nothing has to be said. */
  private static void unpin(Namespace namespace, EntryRef at) throws IOException {
    namespace.setPolicy(at, PolicyChange.newBuilder().addUnset(Policy.PINNED_FIELD_NUMBER).build());
    if (namespace.policies(at, false).getEffective().getPinned()) {
      Policy evictable = Policy.newBuilder().setPinned(false).build();
      namespace.setPolicy(at, PolicyChange.newBuilder().setSet(evictable).build());
    }
  }
}
