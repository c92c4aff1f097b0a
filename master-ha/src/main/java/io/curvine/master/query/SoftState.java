/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.Place;
import io.curvine.protocol.proto.WorkerRecord;
import io.curvine.protocol.proto.WorkerStatus;
import java.util.Collection;
import java.util.List;

/** What workers told of themselves; not journaled. Thread-safe. */
public interface SoftState {
  /**
   * Live workers that hold the block, nearest to the client first.
   *
   * @param client as {@link #locate} gives it
   */
  List<BlockLocation> holders(BlockId block, Place client);

  /** The client's place with its rack, where it is that of a worker beside it. */
  Place locate(Place client);

  /**
   * The same as {@link #holders} for a block that any worker can fill: where all that hold it are
   * asked for it all the time, as many others are among them; where some hold it, and fewer than
   * {@code min}, so many that these are so many together.
   */
  List<BlockLocation> readers(BlockId block, Place client, int min);

  /**
   * Live workers that should fill the block where none holds it: the same ones for the same block
   * while the set of workers stays, the nearest to the client first.
   */
  List<BlockLocation> fillCandidates(BlockId block, Place client, int count);

  /** The workers with what is known of them now. */
  List<WorkerStatus> statuses(Collection<WorkerRecord> known);

  /** Of all live workers. */
  long capacityBytes();

  /** Of all live workers. */
  long usedBytes();
}
