/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.client.block.BlockConnections;
import io.curvine.client.block.LocalBlocks;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.Crc32c;
import java.nio.ByteBuffer;

/** What the readers and writers of one client share. Thread-safe. */
final class DataPlane implements AutoCloseable {
  private final ClientConfig config;
  private final BlockConnections connections;
  private final Pauses pauses;
  private final LocalBlocks local;
  private final PageBuffers pages;
  private final Suspects suspects = new Suspects();

  DataPlane(ClientConfig config, BlockConnections connections, Pauses pauses) {
    this.config = config;
    this.connections = connections;
    this.pauses = pauses;
    this.local = new LocalBlocks(connections, config.shortCircuit(), config.verifyChecksums());
    connections.tidyLocal(local);
    this.pages =
        new PageBuffers(Math.min(config.prefetchBytes(), Runtime.getRuntime().maxMemory() / 4));
  }

  ClientConfig config() {
    return config;
  }

  BlockConnections connections() {
    return connections;
  }

  LocalBlocks local() {
    return local;
  }

  /** The payload is what its worker sent, as far as that is to be looked at. */
  boolean matches(BlockHeader header, ByteBuffer payload) {
    return !config.verifyChecksums() || Crc32c.of(payload) == header.crc32c();
  }

  Pauses pauses() {
    return pauses;
  }

  Suspects suspects() {
    return suspects;
  }

  PageBuffers pages() {
    return pages;
  }

  @Override
  public void close() {
    local.close();
    connections.close();
  }
}
