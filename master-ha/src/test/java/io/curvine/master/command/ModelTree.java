/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The namespace as a plain map: path to 'd', 'f' or, for a special file, 's'. What the real one is
 * compared with. With it go the consumer groups, which are in the same state.
 */
final class ModelTree {
  private final TreeMap<String, Character> entries = new TreeMap<>();

  private final ModelGroups groups;

  ModelTree() {
    this(new ModelGroups());
  }

  private ModelTree(ModelGroups groups) {
    this.groups = groups;
  }

  ModelTree copy() {
    ModelTree copy = new ModelTree(groups.copy());
    copy.entries.putAll(entries);
    return copy;
  }

  SortedMap<String, Character> entries() {
    return entries;
  }

  ModelGroups groups() {
    return groups;
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash == 0 ? "/" : path.substring(0, slash);
  }

  private boolean isDirectory(String path) {
    return path.equals("/") || Character.valueOf('d').equals(entries.get(path));
  }

  private boolean hasChildren(String path) {
    return !entries.subMap(path + "/", path + "0").isEmpty();
  }

  boolean make(String path, char type) {
    if (!isDirectory(parent(path)) || entries.containsKey(path)) {
      return false;
    }
    entries.put(path, type);
    return true;
  }

  boolean remove(String path, char type) {
    Character there = entries.get(path);
    if (there == null || (there == 'd') != (type == 'd') || hasChildren(path)) {
      return false;
    }
    entries.remove(path);
    return true;
  }

  boolean removeTree(String path) {
    if (!entries.containsKey(path)) {
      return false;
    }
    entries.subMap(path + "/", path + "0").clear();
    entries.remove(path);
    return true;
  }

  /** Null: no change and no refusal. */
  Boolean rename(String from, String to) {
    Character type = entries.get(from);
    if (type == null || !isDirectory(parent(to))) {
      return false;
    }
    if (from.equals(to)) {
      return null;
    }
    if (to.startsWith(from + "/")) {
      return false;
    }
    Character replaced = entries.get(to);
    if (replaced != null && ((replaced == 'd') != (type == 'd') || hasChildren(to))) {
      return false;
    }
    Map<String, Character> moved = take(from);
    entries.remove(to);
    put(moved, to);
    return true;
  }

  /** Null: no change and no refusal. */
  Boolean exchange(String first, String second) {
    if (!entries.containsKey(first) || !entries.containsKey(second)) {
      return false;
    }
    if (first.equals(second)) {
      return null;
    }
    if (first.startsWith(second + "/") || second.startsWith(first + "/")) {
      return false;
    }
    Map<String, Character> one = take(first);
    Map<String, Character> other = take(second);
    put(one, second);
    put(other, first);
    return true;
  }

  /** Takes an entry with all below it away; gives them by what follows the path. */
  private Map<String, Character> take(String path) {
    Map<String, Character> taken = new TreeMap<>();
    taken.put("", entries.remove(path));
    SortedMap<String, Character> below = entries.subMap(path + "/", path + "0");
    below.forEach((each, type) -> taken.put(each.substring(path.length()), type));
    below.clear();
    return taken;
  }

  private void put(Map<String, Character> taken, String path) {
    taken.forEach((rest, type) -> entries.put(path + rest, type));
  }
}
