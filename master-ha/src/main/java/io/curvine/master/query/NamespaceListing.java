/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.proto.Inode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Every entry of the namespace at one offset: a directory before what it holds, names in the order
 * of their bytes. Whoever has it can follow the journal from that offset on. Read in steps, so that
 * a slow reader holds nobody up. Not thread-safe.
 */
public final class NamespaceListing implements AutoCloseable {
  /** An entry at one of its names. */
  public record Listed(ByteString path, Inode inode) {}

  /** A directory that is being listed. */
  private static final class Level {
    private final long directory;
    private final ByteString path;
    private ByteString after = ByteString.EMPTY;

    Level(long directory, ByteString path) {
      this.directory = directory;
      this.path = path;
    }
  }

  private final FrozenState state;
  private final long offset;
  private final Deque<Level> levels = new ArrayDeque<>();
  private boolean begun;
  private boolean closed;

  private NamespaceListing(FrozenState state) {
    this.state = state;
    this.offset = state.view().meta().nextOffset();
  }

  /** Begins one of the state as it is now. */
  public static NamespaceListing of(StateStore store) {
    FrozenState state = store.freeze();
    try {
      return new NamespaceListing(state);
    } catch (RuntimeException e) {
      state.close();
      throw e;
    }
  }

  /** It holds every event below this, and no other. */
  public long offset() {
    return offset;
  }

  /**
   * The next entries.
   *
   * @param limit how many at most
   * @return none at the end
   * @throws io.curvine.master.store.StoreException where the store was closed meanwhile
   */
  public List<Listed> next(int limit) {
    if (closed) {
      throw new IllegalStateException("a listing is read after it was closed");
    }
    NamespaceView names = state.view().namespace();
    List<Listed> listed = new ArrayList<>();
    if (!begun) {
      begun = true;
      listed.add(new Listed(NamespaceView.SLASH, names.require(NamespaceView.ROOT)));
      levels.push(new Level(NamespaceView.ROOT, ByteString.EMPTY));
    }
    while (!levels.isEmpty() && listed.size() < limit) {
      Level level = levels.peek();
      int before = listed.size();
      names.children(
          level.directory,
          level.after,
          (name, id) -> visit(level, name, names.require(id), listed, limit));
      if (listed.size() == before) {
        levels.pop();
      }
    }
    return listed;
  }

  /** False: enough of this directory for now. */
  private boolean visit(Level level, ByteString name, Inode inode, List<Listed> listed, int limit) {
    ByteString path = level.path.concat(NamespaceView.SLASH).concat(name);
    listed.add(new Listed(path, inode));
    level.after = name;
    if (NamespaceView.isDirectory(inode)) {
      levels.push(new Level(inode.getId(), path));
      return false;
    }
    return listed.size() < limit;
  }

  @Override
  public void close() {
    closed = true;
    state.close();
  }
}
