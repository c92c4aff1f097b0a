/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.view.StateView;
import io.curvine.master.store.FrozenState;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.OpenSession;
import io.curvine.protocol.proto.WorkerRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * What is in a state, for people. Immutable.
 *
 * @param counters all of them, 0 where one was never set
 * @param biggest directories with the most names, the biggest first
 */
public record StateSummary(
    String clusterId,
    List<Family> families,
    Map<Counter, Long> counters,
    List<Mount> mounts,
    List<WorkerRecord> workers,
    Map<Long, OpenSession> sessions,
    List<Directory> biggest) {
  public StateSummary {
    families = List.copyOf(families);
    counters = Map.copyOf(counters);
    mounts = List.copyOf(mounts);
    workers = List.copyOf(workers);
    sessions = Map.copyOf(sessions);
    biggest = List.copyOf(biggest);
  }

  /**
   * One family.
   *
   * @param bytes of keys and values, as they are without compression
   */
  public record Family(ColumnFamily<?> family, long keys, long bytes) {}

  /**
   * A directory.
   *
   * @param path of one that was deleted and is not reaped yet: empty
   */
  public record Directory(String path, long inode, long names) {}

  /**
   * Reads all of a state.
   *
   * @param directories how many of the biggest
   */
  public static StateSummary of(FrozenState state, int directories) {
    Map<Counter, Long> counters = new EnumMap<>(Counter.class);
    StateView view = state.view();
    for (Counter counter : Counter.values()) {
      counters.put(counter, view.meta().get(counter));
    }
    return new StateSummary(
        view.meta().clusterId(),
        families(state),
        counters,
        values(state, ColumnFamily.MOUNTS),
        values(state, ColumnFamily.WORKERS),
        sessions(state),
        biggest(state, directories));
  }

  /** Keys and bytes of each family. */
  public static List<Family> families(FrozenState state) {
    List<Family> families = new ArrayList<>();
    for (ColumnFamily<?> family : ColumnFamily.all()) {
      long[] counts = new long[2];
      KeyRange.all(family)
          .visit(
              state,
              (key, value) -> {
                counts[0]++;
                counts[1] += key.length + value.length;
                return true;
              },
              bytes -> {});
      families.add(new Family(family, counts[0], counts[1]));
    }
    return families;
  }

  private static <V> List<V> values(FrozenState state, ColumnFamily<V> family) {
    List<V> values = new ArrayList<>();
    state.scanStored(family, Keys.EMPTY, null, (key, value) -> values.add(family.toValue(value)));
    return values;
  }

  private static Map<Long, OpenSession> sessions(FrozenState state) {
    Map<Long, OpenSession> sessions = new TreeMap<>();
    for (long id : state.view().sessions().all()) {
      state.scanStored(
          ColumnFamily.SESSIONS,
          Keys.of(id),
          Keys.after(Keys.of(id)),
          (key, value) -> {
            sessions.put(id, ColumnFamily.SESSIONS.toValue(value));
            return false;
          });
    }
    return sessions;
  }

  private static List<Directory> biggest(FrozenState state, int count) {
    PriorityQueue<Directory> biggest =
        new PriorityQueue<>(Comparator.comparingLong(Directory::names));
    long[] now = new long[2];
    KeyRange.all(ColumnFamily.DENTRIES)
        .visit(
            state,
            (key, value) -> {
              long parent = io.curvine.master.state.Key.of(key).longAt(0);
              if (parent != now[0]) {
                keep(biggest, now, count);
                now[0] = parent;
                now[1] = 0;
              }
              now[1]++;
              return true;
            },
            bytes -> {});
    keep(biggest, now, count);
    EntryPaths paths = new EntryPaths(state.view().namespace());
    return biggest.stream()
        .sorted(Comparator.comparingLong(Directory::names).reversed())
        .map(each -> new Directory(path(paths, each.inode()), each.inode(), each.names()))
        .toList();
  }

  private static void keep(PriorityQueue<Directory> biggest, long[] directory, int count) {
    if (directory[1] > 0) {
      biggest.add(new Directory("", directory[0], directory[1]));
      if (biggest.size() > count) {
        biggest.remove();
      }
    }
  }

  private static String path(EntryPaths paths, long inode) {
    String path = paths.directory(inode);
    return path == null ? "" : path;
  }
}
