/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.PathResolver;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Principal;

/**
 * What a principal may see of a state, by the modes in that state: POSIX's rules, in which uid 0
 * may see all. Immutable.
 */
final class PastRights {
  static final int READ = 4;
  static final int SEARCH = 1;

  private static final int OWNER_SHIFT = 6;
  private static final int GROUP_SHIFT = 3;

  private final Principal principal;

  PastRights(Principal principal) {
    this.principal = principal;
  }

  /** Whether the principal may see all. */
  boolean seesAll() {
    return principal.getUid() == 0;
  }

  /** Whether the principal is the owner, or may see all. */
  boolean owns(int uid) {
    return seesAll() || principal.getUid() == uid;
  }

  /** Whether the mode lets the principal do that. */
  boolean may(Inode inode, int right) {
    if (seesAll()) {
      return true;
    }
    int shift = 0;
    if (inode.getUid() == principal.getUid()) {
      shift = OWNER_SHIFT;
    } else if (inode.getGid() == principal.getGid()
        || principal.getGroupsList().contains(inode.getGid())) {
      shift = GROUP_SHIFT;
    }
    return (inode.getMode() >> shift & right) == right;
  }

  /** Refuses where the mode does not let the principal do that. */
  void require(Inode inode, int right, String what) throws Refused {
    if (!may(inode, right)) {
      throw denied(what);
    }
  }

  /** For what is found by walking: refuses to search a directory whose mode does not let that. */
  PathResolver.Guard guard(String what) {
    return directory -> require(directory, SEARCH, what);
  }

  /** Refuses where a directory above the inode does not let the principal through. */
  void requireReach(Inode inode, NamespaceView names, String what) throws Refused {
    if (seesAll()) {
      return;
    }
    for (Inode at = inode; at.getId() != NamespaceView.ROOT; ) {
      at = names.find(at.getParent());
      if (at == null) {
        throw new Refused(ErrorCode.NOT_FOUND, what + " is in no directory any more");
      }
      require(at, SEARCH, what);
    }
  }

  Refused denied(String what) {
    return new Refused(
        ErrorCode.PERMISSION_DENIED,
        what
            + ": uid "
            + Integer.toUnsignedString(principal.getUid())
            + " may not see it by the modes of that state");
  }
}
