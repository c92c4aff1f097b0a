/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client.block;

import static io.curvine.protocol.block.BlockFileFormat.CHUNK_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.SUFFIX;
import static io.curvine.protocol.block.BlockFileFormat.dataAt;

import io.curvine.protocol.block.BlockFileFormat;
import io.curvine.protocol.io.FileKeys;
import io.curvine.protocol.proto.LocalBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of a block that its writer, on the host of the worker, writes to itself. What is in it
 * counts for nothing until the worker is told of it. For one thread at a time.
 */
public final class WritableBlock implements AutoCloseable {
  private final FileChannel file;

  private WritableBlock(FileChannel file) {
    this.file = file;
  }

  /** Only a file of the block's name: this process may have rights that the worker has not. */
  static WritableBlock open(LocalBlocks.Name name, LocalBlock told) throws IOException {
    Path path = Path.of(told.getPath());
    String wanted = BlockFileFormat.name(name.inode(), name.version(), name.index()) + SUFFIX;
    if (!path.endsWith(wanted)) {
      throw new IOException(path + " is not the file of block " + name);
    }
    WritableBlock block =
        new WritableBlock(
            FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    try {
      if (!FileKeys.of(path).equals(told.getFileKey())) {
        throw new IOException(path + " is another file here");
      }
      return block;
    } catch (IOException e) {
      block.close();
      throw e;
    }
  }

  /** A worker takes over whole chunks only, but for the last. */
  public static boolean takes(long offset) {
    return offset % CHUNK_BYTES == 0;
  }

  /**
   * Writes bytes that no other has written before.
   *
   * @param offset in the block
   * @param bytes from the position to the limit, which stay as they are
   */
  public void write(long offset, ByteBuffer bytes) throws IOException {
    ByteBuffer left = bytes.duplicate();
    while (left.hasRemaining()) {
      file.write(left, dataAt(offset + left.position() - bytes.position()));
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
