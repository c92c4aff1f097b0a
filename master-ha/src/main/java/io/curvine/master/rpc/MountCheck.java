/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.command.MountChanges;
import io.curvine.master.secrets.MountSealer;
import io.curvine.master.sync.UfsLoader;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.CheckUfs;
import io.curvine.protocol.proto.CheckUfsReply;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountUfs;
import io.curvine.protocol.proto.UpdateMount;
import io.curvine.protocol.rpc.RpcResponder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reaches a UFS before its mount is decided, so that a mistake in the address or the credentials is
 * told to who made it, and seals its secrets. Thread-safe.
 */
final class MountCheck {
  private final NodeView node;
  private final UfsLoader loader;
  private final MountSealer sealer;
  private final Duration scanInterval;

  /**
   * @param scanInterval of mounts that do not say
   */
  MountCheck(NodeView node, UfsLoader loader, MountSealer sealer, Duration scanInterval) {
    this.node = node;
    this.loader = loader;
    this.sealer = sealer;
    this.scanInterval = scanInterval;
  }

  /** Whether a command is about a UFS that must be reached first. */
  static boolean concerns(Command command) {
    return command.hasMountUfs() || command.hasUpdateMount();
  }

  /** The command with what was found; what the client had put there is dropped. */
  CompletableFuture<Command> check(Command command) {
    return command.hasMountUfs() ? checkNew(command) : checkChanged(command);
  }

  private CompletableFuture<Command> checkNew(Command command) {
    Mount mount = withScanInterval(command.getMountUfs().getMount());
    Mount sealed;
    try {
      sealed = sealer.sealed(mount);
    } catch (CurvineException e) {
      return CompletableFuture.failedFuture(e);
    }
    return loader
        .check(mount)
        .thenApply(
            root ->
                command.toBuilder()
                    .setMountUfs(MountUfs.newBuilder().setMount(sealed).setChecked(root))
                    .build());
  }

  /** A UFS whose options stay is not asked: its other settings can be changed while it is away. */
  private CompletableFuture<Command> checkChanged(Command command) {
    UpdateMount.Builder update = command.getUpdateMount().toBuilder();
    if (update.getChange().getScanIntervalMs() < 0) {
      update.getChangeBuilder().setScanIntervalMs(scanInterval.toMillis());
    }
    // Before the mounts are: the decision refuses where they have changed since.
    update.setCheckedMountsVersion(node.queries().mountsVersion());
    Optional<Mount> stored =
        node.queries().storedMounts().stream()
            .filter(mount -> mount.getPath().equals(update.getPath().toStringUtf8()))
            .findFirst();
    if (stored.isEmpty()) {
      // The decision refuses it; until then it is to have no secret.
      return CompletableFuture.completedFuture(withoutOptions(command, update));
    }
    Mount before = sealer.opened(stored.get());
    Mount now = MountChanges.applied(before, update.getChange());
    Command checked;
    try {
      checked = sealed(command, update, stored.get());
    } catch (CurvineException e) {
      return CompletableFuture.failedFuture(e);
    }
    boolean sameStore = now.getOptionsMap().equals(before.getOptionsMap());
    return (sameStore ? loader.checkSources(now) : loader.check(now)).thenApply(seen -> checked);
  }

  private Command sealed(Command command, UpdateMount.Builder update, Mount stored)
      throws CurvineException {
    return command.toBuilder()
        .setUpdateMount(update.setChange(sealer.sealed(stored, update.getChange())))
        .build();
  }

  private static Command withoutOptions(Command command, UpdateMount.Builder update) {
    update.getChangeBuilder().clearOptions();
    return command.toBuilder().setUpdateMount(update).build();
  }

  /** Tells what works of a location that may be mounted. */
  void probe(CheckUfs request, RpcResponder responder) {
    loader
        .probe(request.getMount())
        .whenComplete(
            (findings, failure) ->
                responder.respond(
                    failure == null
                        ? MasterResponse.newBuilder()
                            .setCheckUfs(CheckUfsReply.newBuilder().addAllFindings(findings))
                            .build()
                        : Responses.failure(failure)));
  }

  /** 0 means never; less than 0, that the mount does not say. */
  private Mount withScanInterval(Mount mount) {
    return mount.getScanIntervalMs() >= 0
        ? mount
        : mount.toBuilder().setScanIntervalMs(scanInterval.toMillis()).build();
  }
}
