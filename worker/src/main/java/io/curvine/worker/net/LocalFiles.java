/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.FileKeys;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.LocalBlock;
import io.curvine.worker.store.Block;
import io.curvine.worker.store.BlockKey;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What a client on this host is told of the file of a block. */
final class LocalFiles {
  private LocalFiles() {}

  /**
   * Which file it is.
   *
   * @param block that the caller holds
   * @throws CurvineException BLOCK_NOT_FOUND where the block was dropped: it has no file, or a new
   *     block has its name
   */
  static LocalBlock.Builder of(Block block) throws IOException {
    Path path = block.path();
    try {
      String fileKey = FileKeys.of(path);
      if (block.dropped()) {
        throw notHere(block.key(), null);
      }
      return LocalBlock.newBuilder().setPath(path.toString()).setFileKey(fileKey);
    } catch (NoSuchFileException e) {
      throw notHere(block.key(), e);
    }
  }

  static CurvineException notHere(BlockKey key, IOException cause) {
    return new CurvineException(ErrorCode.BLOCK_NOT_FOUND, "block " + key + " is not here", cause);
  }
}
