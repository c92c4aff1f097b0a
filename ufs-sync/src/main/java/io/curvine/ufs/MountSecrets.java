/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import io.curvine.protocol.proto.Mount;
import java.util.function.Predicate;

/** Mounts as they may be shown: without the values of secret options. Stateless. */
public final class MountSecrets {
  /** Stands where a secret is. */
  public static final String MASK = "***";

  private static final UfsRegistry PROVIDERS = UfsRegistry.load();

  private MountSecrets() {}

  /** The mount without what the providers on the class path call secret or do not know. */
  public static Mount masked(Mount mount) {
    return masked(mount, PROVIDERS::isSecret);
  }

  /** The mount without the values of those options. */
  public static Mount masked(Mount mount, Predicate<String> secretOption) {
    Mount.Builder shown = mount.toBuilder();
    mount.getOptionsMap().keySet().stream()
        .filter(secretOption)
        .forEach(key -> shown.putOptions(key, MASK));
    return shown.build();
  }
}
