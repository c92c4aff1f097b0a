/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;

/** Takes the entries of a directory until it is full. */
@FunctionalInterface
public interface DirectorySink {
  /** Inode number of an entry that is not known. */
  long UNKNOWN_INODE = 0xffff_ffffL;

  /**
   * One entry.
   *
   * @param next cookie to go on after this entry
   * @param attributes null where they may not be used: "." and "..", and what may have changed
   *     since it was listed
   * @return false: it did not fit and was not taken
   */
  boolean add(ByteString name, long inode, InodeType type, long next, Inode attributes)
      throws IOException;
}
