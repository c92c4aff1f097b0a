/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.BlockLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a block held, read back from its replicas into a temporary file. For one thread. */
final class BlockSpill implements AutoCloseable {
  static final int CHUNK_BYTES = Limits.PAGE_SIZE_BYTES;

  private final FileChannel channel;
  private final long length;

  private BlockSpill(FileChannel channel, long length) {
    this.channel = channel;
    this.length = length;
  }

  /** Reads the block's valid bytes. */
  static BlockSpill of(WriteContext file, BlockLayout block) throws IOException {
    Path path = Files.createTempFile("curvine-block-", ".spill");
    FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    long length = Integer.toUnsignedLong(block.getValidBytes());
    BlockReads reads = new BlockReads(file.data());
    BlockReads.Source source = new BlockReads.Source(file.inode(), block, null, 0, true);
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    try {
      for (long at = 0; at < length; at += CHUNK_BYTES) {
        chunk.clear().limit((int) Math.min(CHUNK_BYTES, length - at));
        reads.read(source, at, chunk);
        chunk.flip();
        while (chunk.hasRemaining()) {
          channel.write(chunk);
        }
      }
      return new BlockSpill(channel, length);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  long length() {
    return length;
  }

  /** The bytes from a position on, up to a chunk. */
  ByteBuffer chunk(long at) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, length - at));
    while (chunk.hasRemaining()) {
      if (channel.read(chunk, at + chunk.position()) < 0) {
        throw new IOException("the temporary file of a block became shorter");
      }
    }
    return chunk.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
