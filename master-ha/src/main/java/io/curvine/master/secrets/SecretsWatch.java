/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.secrets;

import io.curvine.master.query.QueryEngine;
import io.curvine.protocol.proto.Mount;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which mounts have secrets in clear, and which have secrets that this master cannot open:
 * once for each mount table in the log, and in two gauges for {@code curvine-admin doctor}. {@link
 * #tick} is for one thread; the counts are for any.
 */
public final class SecretsWatch {
  private static final Logger LOG = LoggerFactory.getLogger(SecretsWatch.class);

  private final MountSealer sealer;
  private final Supplier<QueryEngine> queries;
  private long seenVersion = -1;
  private List<String> seenUnopened = List.of();
  private List<String> seenClear = List.of();
  private volatile int unopened;
  private volatile int clear;

  public SecretsWatch(MountSealer sealer, Supplier<QueryEngine> queries) {
    this.sealer = sealer;
    this.queries = queries;
  }

  /** Looks at the mount table, where it has changed. */
  public void tick() {
    QueryEngine now = queries.get();
    long version = now.mountsVersion();
    if (version == seenVersion) {
      return;
    }
    List<Mount> mounts = now.storedMounts();
    List<String> closed = paths(mounts, sealer::hasUnopened);
    List<String> open = paths(mounts, sealer::hasClear);
    unopened = closed.size();
    clear = open.size();
    if (!closed.isEmpty() && !closed.equals(seenUnopened)) {
      LOG.error(
          "the secrets of the mounts {} are sealed by a key that this master does not have, so it"
              + " cannot reach their UFS; the keys of master.secrets-key-file are {}",
          closed,
          sealer.keyIds());
    }
    if (!open.isEmpty() && !open.equals(seenClear)) {
      LOG.warn(
          "the mounts {} have secrets in clear in the journal and the state; 'curvine mount"
              + " --update' of each seals them, where master.secrets-key-file is set",
          open);
    }
    seenUnopened = closed;
    seenClear = open;
    seenVersion = version;
  }

  private static List<String> paths(List<Mount> mounts, Predicate<Mount> which) {
    return mounts.stream().filter(which).map(Mount::getPath).sorted().toList();
  }

  /** Mounts with a secret that no key of this master opens. */
  public int unopened() {
    return unopened;
  }

  /** Mounts with a secret in clear. */
  public int clear() {
    return clear;
  }
}
