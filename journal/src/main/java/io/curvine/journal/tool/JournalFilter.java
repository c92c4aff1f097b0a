/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.Subject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Which events are wanted: those that all parts let pass. Immutable.
 *
 * @param fromOffset the first
 * @param toOffset the last
 * @param fromNanos since the epoch, the first
 * @param toNanos since the epoch, exclusive
 * @param types names of kinds; empty: all
 * @param paths each an entry or what is below it, where it was before counts too; empty: all
 *     events, also those about no entry
 * @param principals each a uid or the name of a user; empty: all
 */
public record JournalFilter(
    long fromOffset,
    long toOffset,
    long fromNanos,
    long toNanos,
    Set<String> types,
    List<String> paths,
    Set<String> principals) {
  /** All events. */
  public static final JournalFilter ALL =
      new JournalFilter(
          0, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, Set.of(), List.of(), Set.of());

  public JournalFilter {
    types = Set.copyOf(types);
    paths = List.copyOf(paths);
    principals = Set.copyOf(principals);
    for (String path : paths) {
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException(
            "the path is '" + path + "'; allowed: one that begins with /");
      }
    }
  }

  /** As this one, from another offset on. */
  public JournalFilter from(long offset) {
    return new JournalFilter(offset, toOffset, fromNanos, toNanos, types, paths, principals);
  }

  /** Whether an event is wanted. */
  public boolean wants(long offset, Event event) {
    return offset >= fromOffset
        && offset <= toOffset
        && event.getTimeNanos() >= fromNanos
        && event.getTimeNanos() < toNanos
        && (types.isEmpty() || types.contains(EventKinds.name(event)))
        && (principals.isEmpty() || isOf(event.getPrincipal()))
        && (paths.isEmpty() || isAt(event.getSubject()));
  }

  /** No event of the batch, nor of an earlier one, is wanted. */
  boolean isBefore(RawBatch batch) {
    // A record's time is cut to milliseconds.
    return batch.nextOffset() <= fromOffset
        || batch.maxTimestampMillis() < TimeUnit.NANOSECONDS.toMillis(fromNanos);
  }

  /** No event of the batch, nor of a later one, is wanted. */
  boolean isAfter(RawBatch batch) {
    return batch.baseOffset() > toOffset
        || (toNanos != Long.MAX_VALUE
            && batch.baseTimestampMillis() > TimeUnit.NANOSECONDS.toMillis(toNanos));
  }

  private boolean isOf(Principal principal) {
    return principals.contains(Integer.toUnsignedString(principal.getUid()))
        || principals.contains(principal.getUser());
  }

  private boolean isAt(Subject subject) {
    for (String path : paths) {
      String stem = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
      ByteString prefix = ByteString.copyFromUtf8(stem);
      if (isAt(subject.getPath(), prefix) || isAt(subject.getOldPath(), prefix)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAt(ByteString path, ByteString prefix) {
    return !path.isEmpty()
        && path.startsWith(prefix)
        && (path.size() == prefix.size() || path.byteAt(prefix.size()) == '/');
  }
}
