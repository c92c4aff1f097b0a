/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.WriteAck;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.TierKind;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which directory a block goes to. Thread-safe. */
final class Tiers {
  private static final Comparator<TierDir> MOST_ROOM = Comparator.comparingLong(TierDir::roomBytes);

  /**
   * A directory with less is full: where the rest of it cannot be evicted, each new block would be
   * refused there while others have room.
   */
  private static final long ROOM_MIN_BYTES = PAGE_SIZE_BYTES;

  private final List<TierDir> dirs;

  /**
   * @param dirs fastest first
   */
  Tiers(List<TierDir> dirs) {
    this.dirs = List.copyOf(dirs);
  }

  /** For a block that is filled: the fastest that has room, else where most can be evicted. */
  TierDir forFill() throws CurvineException {
    return choose(dir -> true);
  }

  /**
   * The same, in a tier if that has a directory with room.
   *
   * @param kept by a policy: rather where it can be kept than in the tier
   */
  TierDir forFill(TierKind preferred, boolean kept) throws CurvineException {
    Predicate<TierDir> keeps = dir -> !kept || dir.canKeep(ROOM_MIN_BYTES);
    Predicate<TierDir> inTier = dir -> dir.kind() == preferred && keeps.test(dir);
    if (hasRoom(inTier)) {
      return choose(inTier);
    }
    return hasRoom(keeps) ? choose(keeps) : forFill();
  }

  private boolean hasRoom(Predicate<TierDir> fit) {
    return dirs.stream()
        .anyMatch(dir -> !dir.failed() && dir.roomBytes() >= ROOM_MIN_BYTES && fit.test(dir));
  }

  /**
   * For a block that a client writes: a disk where there is one, since memory does not outlive the
   * machine, unless the client says that it need not.
   *
   * @throws CurvineException NO_SPACE where there is no such directory
   */
  TierDir forWrite(WriteAck ack) throws CurvineException {
    boolean disk = dirs.stream().anyMatch(dir -> !dir.failed() && isDisk(dir));
    return switch (ack) {
      case MEMORY -> forFill();
      case PAGE_CACHE -> choose(dir -> !disk || isDisk(dir));
      case FSYNC -> {
        if (!disk) {
          throw new CurvineException(
              ErrorCode.NO_SPACE,
              "no directory on a disk is left, and what is to be durable goes to no other");
        }
        yield choose(Tiers::isDisk);
      }
    };
  }

  private static boolean isDisk(TierDir dir) {
    return dir.kind() != TierKind.MEM;
  }

  private TierDir choose(Predicate<TierDir> fit) throws CurvineException {
    List<TierDir> candidates = dirs.stream().filter(dir -> !dir.failed()).filter(fit).toList();
    for (TierDir dir : candidates) {
      if (dir.roomBytes() >= ROOM_MIN_BYTES) {
        return candidates.stream()
            .filter(each -> each.kind() == dir.kind())
            .max(MOST_ROOM)
            .orElse(dir);
      }
    }
    return candidates.stream()
        .max(Comparator.comparingLong(TierDir::evictableBytes))
        .orElseThrow(() -> new CurvineException(ErrorCode.NO_SPACE, "no cache directory is left"));
  }

  /** A directory of the nearest slower tier that has room for so many bytes. */
  Optional<TierDir> slower(TierDir than, long bytes) {
    List<TierDir> below =
        dirs.stream()
            .skip(lastOf(than.kind()) + 1L)
            .filter(dir -> !dir.failed() && dir.kind() != than.kind() && dir.roomBytes() >= bytes)
            .toList();
    return below.stream().filter(dir -> dir.kind() == below.get(0).kind()).max(MOST_ROOM);
  }

  /** The directory of the nearest faster tier with the most room, be it full. */
  Optional<TierDir> faster(TierDir than) {
    List<TierDir> above =
        dirs.stream()
            .limit(firstOf(than.kind()))
            .filter(dir -> !dir.failed() && dir.kind() != than.kind())
            .toList();
    return above.stream()
        .filter(dir -> dir.kind() == above.get(above.size() - 1).kind())
        .max(MOST_ROOM);
  }

  private int firstOf(TierKind kind) {
    int first = 0;
    while (first < dirs.size() && dirs.get(first).kind() != kind) {
      first++;
    }
    return first;
  }

  private int lastOf(TierKind kind) {
    int last = dirs.size() - 1;
    while (last >= 0 && dirs.get(last).kind() != kind) {
      last--;
    }
    return last;
  }
}
