/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.Inode;
import java.io.IOException;

/** Takes the entries of a directory until it is full. */
@FunctionalInterface
public interface DirectorySink {
  /** Inode number of an entry that is not known. */
  long UNKNOWN_INODE = 0xffff_ffffL;

  /**
   * One entry.
   *
   * @param entry its number and its type, with its attributes where they may be used
   * @param next cookie to go on after this entry
   * @param current false where the attributes may not be used: "." and "..", and what may have
   *     changed since it was listed
   * @return false: it did not fit and was not taken
   */
  boolean add(ByteString name, Inode entry, long next, boolean current) throws IOException;
}
