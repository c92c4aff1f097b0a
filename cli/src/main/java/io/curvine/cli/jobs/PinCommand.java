/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import io.curvine.client.Namespace;
import io.curvine.client.Refs;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.PolicyChange;
import io.curvine.protocol.proto.TreeJobKind;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine pin}: keeps what is cached, and fetches what is not. */
@Command(
    name = "pin",
    description = {
      "Have the cache hold files whole, and keep them: they are not evicted, nor freed, until they"
          + " are unpinned or change in the UFS.",
      "The same as 'curvine policy set PATH --pin yes' and 'curvine load PATH'. For the owner and the"
          + " superuser. A worker pins no more than its pin-max-percent; the rest is cached only."
    },
    mixinStandardHelpOptions = true)
public final class PinCommand extends TreeJobAction {
  @Option(
      names = "--no-load",
      description = "Fetch nothing: what is cached is kept, and what will be.")
  private boolean noLoad;

  @Override
  TreeJobKind kind() {
    return TreeJobKind.LOAD;
  }

  @Override
  void prepare(Namespace namespace, String path) throws IOException {
    Policy pinned = Policy.newBuilder().setPinned(true).build();
    namespace.setPolicy(Refs.path(path), PolicyChange.newBuilder().setSet(pinned).build());
  }

  @Override
  boolean begins() {
    return !noLoad;
  }
}
