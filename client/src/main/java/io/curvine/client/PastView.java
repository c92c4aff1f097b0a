/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.PastState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The cluster as it was at an offset: with the events below it, and no other. Names and attributes
 * are all there; content is where it still is, in the cache of a worker or in the UFS. Thread-safe.
 * Nothing has to be closed: the masters close what nobody asks for.
 */
public final class PastView {
  private static final int LAYOUT_BLOCKS = 64;

  private final PastState state;
  private final Namespace then;
  private final Namespace today;
  private final DataPlane data;

  private PastView(PastState state, Namespace then, Namespace today, DataPlane data) {
    this.state = state;
    this.then = then;
    this.today = today;
    this.data = data;
  }

  static PastView of(
      PastState state,
      Namespace today,
      DataPlane data,
      LookBackCalls calls,
      PastListener listener) {
    Namespace then = today.past(query -> calls.query(state.getOffset(), query, listener));
    return new PastView(state, then, today, data);
  }

  /** The state holds the events below this, and no other. */
  public long offset() {
    return state.getOffset();
  }

  /** When its newest event was, in milliseconds since the epoch; 0: not known. */
  public long timeMs() {
    return state.getTimeMs();
  }

  /** The tree as it was. What would change it is refused. */
  public Namespace namespace() {
    return then;
  }

  /**
   * Opens a file as it was; symbolic links of that time are followed.
   *
   * @throws CurvineException BLOCK_NOT_FOUND or UFS_CHANGED where a part of it is gone, saying
   *     which
   */
  public FileReader open(EntryRef at) throws IOException {
    return open(at, data.config().reading());
  }

  /** The same in another way than the configuration's. */
  public FileReader open(EntryRef at, ReadOptions options) throws IOException {
    Inode inode = then.inode(at, true);
    if (isAsToday(inode)) {
      return FileReader.open(Refs.inode(inode.getId()), today, data, options);
    }
    Optional<String> gone = goneFromCaches(inode);
    if (gone.isPresent()) {
      throw new CurvineException(
          ErrorCode.BLOCK_NOT_FOUND,
          "the content at offset " + offset() + " cannot be had: " + gone.get());
    }
    return FileReader.open(Refs.inode(inode.getId()), then, data, options);
  }

  /** Opens a file as it was, as a stream. */
  public CurvineInputStream openStream(EntryRef at) throws IOException {
    return openStream(at, data.config().reading());
  }

  /** The same in another way than the configuration's. */
  public CurvineInputStream openStream(EntryRef at, ReadOptions options) throws IOException {
    return new CurvineInputStream(open(at, options));
  }

  private boolean isAsToday(Inode inode) throws IOException {
    Optional<Entry> now = today.find(Refs.inode(inode.getId()), false);
    return now.isPresent() && now.get().getInode().getVersion() == inode.getVersion();
  }

  /**
   * What of a file's content is gone, for people; empty where all is there. A byte of each page is
   * read, which tells of a worker that has a block in part, and of a UFS that has another version.
   *
   * @param inode as it was
   */
  public Optional<String> missing(Inode inode) throws IOException {
    if (inode.getType() != InodeType.FILE || inode.getLengthBytes() == 0 || isAsToday(inode)) {
      return Optional.empty();
    }
    Optional<String> gone = goneFromCaches(inode);
    return gone.isPresent() ? gone : unreadable(inode);
  }

  /** Of what the UFS never had. */
  private Optional<String> goneFromCaches(Inode inode) throws IOException {
    long blockSize = Integer.toUnsignedLong(inode.getBlockSizeBytes());
    for (long at = 0; at < inode.getLengthBytes(); at += LAYOUT_BLOCKS * blockSize) {
      FileLayout layout = then.layout(Refs.inode(inode.getId()), at, LAYOUT_BLOCKS * blockSize);
      for (BlockLayout block : layout.getBlocksList()) {
        if (block.getValidBytes() != 0 && !block.getFillable() && !isHeld(block)) {
          long start = block.getIndex() * blockSize;
          return Optional.of(
              "bytes "
                  + start
                  + " to "
                  + (start + Integer.toUnsignedLong(block.getValidBytes()) - 1)
                  + " are in no worker's cache any more, and the UFS did not have them");
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isHeld(BlockLayout block) {
    return block.getLocationsList().stream().anyMatch(location -> location.getHolds());
  }

  private Optional<String> unreadable(Inode inode) throws IOException {
    long offset = 0;
    EntryRef at = Refs.inode(inode.getId());
    try (FileReader reader = FileReader.open(at, then, data, data.config().reading())) {
      for (; offset < inode.getLengthBytes(); offset += Limits.PAGE_SIZE_BYTES) {
        reader.read(offset, ByteBuffer.allocate(1));
      }
      return Optional.empty();
    } catch (CurvineException e) {
      return switch (e.code()) {
        case UFS_CHANGED, NOT_FOUND, BLOCK_NOT_FOUND ->
            Optional.of("from byte " + offset + " on: " + e.getMessage());
        default -> throw e;
      };
    }
  }
}
