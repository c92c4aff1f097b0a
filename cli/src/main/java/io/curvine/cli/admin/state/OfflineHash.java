/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.state;

import io.curvine.cli.CliException;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StateStore;
import io.curvine.master.tool.FoldedState;
import io.curvine.master.tool.ReplaySources;
import io.curvine.master.tool.Replayed;
import io.curvine.master.tool.StateComparison;
import io.curvine.master.tool.StateDigest;
import io.curvine.master.tool.StateKeys;
import io.curvine.master.tool.StatePlace;
import io.curvine.master.tool.StateValues;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.io.Throttle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Digests states in directories, and keeps them open to be compared. For one thread. */
final class OfflineHash implements AutoCloseable {
  private static final int SHOWN_CHARS = 300;

  private final Long at;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final List<Open> states = new ArrayList<>();

  private record Open(Path directory, FrozenState state, StateDigest digest) {}

  /**
   * @param at the offset; null: where the states are
   */
  OfflineHash(Long at) {
    this.at = at;
  }

  Hashed hash(Path directory) throws IOException {
    StatePlace place = keep(StatePlace.open(at == null ? directory : replayed(directory)));
    StateStore store = keep(place.openState());
    FrozenState state = keep(store.freeze());
    StateDigest digest = StateDigest.of(state, new Throttle(0));
    states.add(new Open(directory, state, digest));
    Map<String, Hashed.Family> families = new HashMap<>();
    for (StateDigest.Family family : digest.families()) {
      families.put(
          family.family().storedName(),
          new Hashed.Family(family.keys(), family.bytes(), family.sha256(), family.folded()));
    }
    return new Hashed(directory.toString(), digest.offset(), families);
  }

  private Path replayed(Path directory) throws IOException {
    Path temporary = Files.createTempDirectory("curvine-hash-");
    keep(() -> FileTrees.delete(temporary));
    try (ReplaySources sources = ReplaySources.of(directory)) {
      return Replayed.make(
              sources, at, false, temporary.resolve("state"), 1, (events, offset, target) -> {})
          .directory();
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.push(part);
    return part;
  }

  /** The first key in which each state differs from the first one, for people. */
  List<String> differences() throws CliException {
    List<String> found = new ArrayList<>();
    for (Open other : states) {
      Open first = states.get(0);
      for (ColumnFamily<?> family : FoldedState.families()) {
        if (first.digest.differences(other.digest).contains(family)) {
          StateComparison.Difference difference =
              StateComparison.first(family, first.state, other.state)
                  .orElseThrow(
                      () -> new CliException("family " + family + " differs in no key at all"));
          found.add(
              "family "
                  + family
                  + " differs at key "
                  + StateKeys.text(family, difference.key())
                  + ": "
                  + first.directory
                  + " has "
                  + shown(family, difference.inA())
                  + ", "
                  + other.directory
                  + " has "
                  + shown(family, difference.inB()));
        }
      }
    }
    return found;
  }

  private static String shown(ColumnFamily<?> family, byte[] stored) {
    if (stored == null) {
      return "none";
    }
    String text = StateValues.text(family, stored);
    return text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "..." : text;
  }

  @Override
  public void close() throws IOException {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException("cannot close a state", e);
      }
    }
  }
}
