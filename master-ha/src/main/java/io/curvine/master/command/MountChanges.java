/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountChange;

/** What a mount is after a change of its settings. Pure. */
public final class MountChanges {
  private MountChanges() {}

  /** The mount with what the change names; the rest, secrets too, stays. */
  public static Mount applied(Mount mount, MountChange change) {
    Mount.Builder now = mount.toBuilder();
    change.getUnsetOptionsList().forEach(now::removeOptions);
    now.putAllOptions(change.getOptionsMap());
    if (change.hasWritePolicy()) {
      now.setWritePolicy(change.getWritePolicy());
    }
    if (change.hasReadOnly()) {
      now.setReadOnly(change.getReadOnly());
    }
    if (change.hasScanIntervalMs()) {
      now.setScanIntervalMs(change.getScanIntervalMs());
    }
    if (change.hasBlockSizeBytes()) {
      now.setBlockSizeBytes(change.getBlockSizeBytes());
    }
    if (change.hasReplicas()) {
      now.setReplicas(change.getReplicas());
    }
    if (change.hasSources()) {
      now.clearSources().addAllSources(change.getSources().getKindsList());
    }
    if (change.hasVerifyMs()) {
      now.setVerifyMs(change.getVerifyMs());
    }
    if (change.hasRequestsPerSecond()) {
      now.setRequestsPerSecond(change.getRequestsPerSecond());
    }
    if (change.hasBandwidthBytes()) {
      now.setBandwidthBytes(change.getBandwidthBytes());
    }
    if (change.hasListTtlMs()) {
      now.setListTtlMs(change.getListTtlMs());
    }
    return now.build();
  }
}
