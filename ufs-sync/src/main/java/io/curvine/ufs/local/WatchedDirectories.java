/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.local;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which watch belongs to which directory of a location. A watch follows a directory that is
 * renamed, so its path is the one under which it was registered last. Used by one thread.
 */
final class WatchedDirectories {
  /** Makes the watch of a directory; gives the same one again while it is the same directory. */
  @FunctionalInterface
  interface Registrar {
    WatchKey register(Path directory) throws IOException;
  }

  private final Path root;
  private final Registrar registrar;
  private final Map<WatchKey, String> paths = new HashMap<>();

  /** By path with a slash behind, so that a directory and all below it are one range. */
  private final NavigableMap<String, WatchKey> keys = new TreeMap<>();

  WatchedDirectories(Path root, Registrar registrar) {
    this.root = root;
    this.registrar = registrar;
  }

  /**
   * Watches a directory under its present path.
   *
   * @param path in the location
   */
  void register(String path) throws IOException {
    WatchKey key = registrar.register(root.resolve(path));
    String before = paths.put(key, path);
    if (before != null && !before.equals(path)) {
      keys.remove(slashed(before), key);
    }
    WatchKey replaced = keys.put(slashed(path), key);
    if (replaced != null && !replaced.equals(key)) {
      paths.remove(replaced);
      replaced.cancel();
    }
  }

  /** The path of a watch; empty where it was given up. */
  Optional<String> path(WatchKey key) {
    return Optional.ofNullable(paths.get(key));
  }

  /**
   * Gives up the watches of a directory and of all below.
   *
   * @return whether there were any
   */
  boolean unregister(String path) {
    String from = slashed(path);
    Map<String, WatchKey> below =
        path.isEmpty() ? keys : keys.subMap(from, true, path + (char) ('/' + 1), false);
    boolean any = !below.isEmpty();
    for (WatchKey key : below.values()) {
      paths.remove(key);
      key.cancel();
    }
    below.clear();
    return any;
  }

  /** A watch ended together with its directory. */
  void ended(WatchKey key) {
    String path = paths.remove(key);
    if (path != null) {
      keys.remove(slashed(path), key);
    }
  }

  int size() {
    return paths.size();
  }

  private static String slashed(String path) {
    return path.isEmpty() ? "" : path + "/";
  }
}
