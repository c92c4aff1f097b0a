/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

/**
 * How a file is created. Immutable.
 *
 * @param mode permission bits, 0 to 07777
 * @param exclusive refuse where the name exists; otherwise its content is replaced by nothing
 * @param parents make missing directories on the way (paths only)
 * @param blockSizeBytes 0: of the configuration, else of the mount; a multiple of 1 MiB up to 1 GiB
 * @param replicas 0: of the configuration, else of the mount; 1 to 16
 */
public record CreateOptions(
    int mode, boolean exclusive, boolean parents, long blockSizeBytes, int replicas) {
  /** Mode 0644; an existing file is overwritten; missing directories are refused. */
  public static CreateOptions defaults() {
    return new CreateOptions(0644, false, false, 0, 0);
  }

  public CreateOptions withMode(int bits) {
    return new CreateOptions(bits, exclusive, parents, blockSizeBytes, replicas);
  }

  public CreateOptions withExclusive(boolean refuseExisting) {
    return new CreateOptions(mode, refuseExisting, parents, blockSizeBytes, replicas);
  }

  public CreateOptions withParents(boolean makeParents) {
    return new CreateOptions(mode, exclusive, makeParents, blockSizeBytes, replicas);
  }

  public CreateOptions withBlockSizeBytes(long bytes) {
    return new CreateOptions(mode, exclusive, parents, bytes, replicas);
  }

  public CreateOptions withReplicas(int count) {
    return new CreateOptions(mode, exclusive, parents, blockSizeBytes, count);
  }
}
