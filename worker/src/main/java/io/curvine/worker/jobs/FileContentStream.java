/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.jobs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FileLayout;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The content of a file from first byte to last, holes as zeros. Not thread-safe. */
final class FileContentStream extends InputStream {
  private final FileContent content;
  private final FileLayout layout;
  private final Map<Integer, BlockLayout> blocks = new HashMap<>();
  private final long length;
  private final long blockSize;
  private long position;
  private byte[] page = {};
  private long pageAt;

  FileContentStream(FileContent content, FileLayout layout) {
    this.content = content;
    this.layout = layout;
    this.length = layout.getInode().getLengthBytes();
    this.blockSize = Math.max(1, layout.getInode().getBlockSizeBytes());
    layout.getBlocksList().forEach(block -> blocks.put(block.getIndex(), block));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int at, int wanted) throws IOException {
    Objects.checkFromIndexSize(at, wanted, into.length);
    if (wanted == 0) {
      return 0;
    }
    if (position >= length) {
      return -1;
    }
    int index = (int) (position / blockSize);
    long blockStart = index * blockSize;
    long blockEnd = Math.min(length, blockStart + blockSize);
    BlockLayout block = blocks.get(index);
    long valid = block == null ? 0 : Math.min(block.getValidBytes(), blockEnd - blockStart);
    int count;
    if (position - blockStart < valid) {
      count = copy(into, at, wanted, block, blockStart);
    } else {
      count = (int) Math.min(wanted, blockEnd - position);
      java.util.Arrays.fill(into, at, at + count, (byte) 0);
    }
    position += count;
    return count;
  }

  private int copy(byte[] into, int at, int wanted, BlockLayout block, long blockStart)
      throws IOException {
    if (position < pageAt || position >= pageAt + page.length) {
      try {
        page = content.page(layout, block, position - blockStart);
      } catch (CurvineException e) {
        // It may have been renamed since the job was given out; the next attempt knows where to.
        throw e.code() == ErrorCode.NOT_FOUND
            ? new CurvineException(ErrorCode.UFS_CHANGED, e.getMessage(), e)
            : e;
      }
      pageAt = position;
    }
    int from = (int) (position - pageAt);
    int count = (int) Math.min(Math.min(wanted, page.length - from), length - position);
    System.arraycopy(page, from, into, at, count);
    return count;
  }
}
