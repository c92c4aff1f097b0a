/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.fill;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.CachePolicy;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.UfsSource;

/**
 * Where the bytes of a block are in a UFS. Immutable.
 *
 * @param path relative to the mount's root
 * @param version of the object; another one is UFS_CHANGED
 * @param blockOffset of the block's first byte in the object
 * @param limitBytes of the block that the object has
 * @param policy how what comes from there is to be treated
 */
public record FillSource(
    int mountId,
    String path,
    String version,
    long blockOffset,
    long limitBytes,
    CachePolicy policy) {
  /**
   * The source that a READ names; null where it names none.
   *
   * @throws CurvineException INVALID_ARGUMENT where no object can have such a part
   */
  public static FillSource of(BlockRequestExtra extra) throws CurvineException {
    boolean negative =
        extra.getBlockOffsetInFile() < 0
            || extra.getValidBytes() < 0
            || extra.getUfs().getLengthBytes() < 0;
    if (negative) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          extra.getValidBytes() + " bytes at " + extra.getBlockOffsetInFile() + " of an object");
    }
    return extra.hasUfs()
        ? of(extra.getUfs(), extra.getBlockOffsetInFile(), extra.getValidBytes())
        : null;
  }

  /**
   * The source of a block that begins at {@code blockOffset} with {@code validBytes} valid bytes.
   */
  public static FillSource of(UfsSource ufs, long blockOffset, long validBytes) {
    long inObject = Math.max(0, ufs.getLengthBytes() - blockOffset);
    return new FillSource(
        ufs.getMountId(),
        ufs.getPath().toStringUtf8(),
        ufs.getVersion(),
        blockOffset,
        Math.min(inObject, validBytes),
        ufs.getCache());
  }
}
