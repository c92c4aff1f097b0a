/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.change;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.ChangeType;
import java.util.Set;

/**
 * Which changes somebody wants. Immutable.
 *
 * @param path an absolute path without a slash at its end: of this entry and all below it; empty or
 *     {@code /}: of all. A rename counts where it leads there or away from there
 * @param types none: all
 */
public record ChangeFilter(ByteString path, Set<ChangeType> types) {
  /** All changes. */
  public static final ChangeFilter ALL = new ChangeFilter(ByteString.EMPTY, Set.of());

  private static final ByteString ROOT = ByteString.copyFromUtf8("/");

  public ChangeFilter {
    types = Set.copyOf(types);
    if (path.equals(ROOT)) {
      path = ByteString.EMPTY;
    }
    if (!path.isEmpty() && (!path.startsWith(ROOT) || path.endsWith(ROOT))) {
      throw new IllegalArgumentException(
          "path is '"
              + path.toStringUtf8()
              + "'; allowed: an absolute path without a slash at its end");
    }
  }

  public boolean passes(Change change) {
    return (types.isEmpty() || types.contains(change.getType()))
        && (path.isEmpty() || concerns(change.getPath()) || concerns(change.getOldPath()));
  }

  private boolean concerns(ByteString changed) {
    return changed.startsWith(path)
        && (changed.size() == path.size() || changed.byteAt(path.size()) == '/');
  }
}
