/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import java.util.Map;
import java.util.TreeMap;

/** Consumer groups as plain maps; what the real ones are compared with. */
final class ModelGroups {
  /** A group that was saved. */
  record Saved(int generation, int members) {}

  private final Map<String, Saved> saved = new TreeMap<>();
  private final Map<String, Long> offsets = new TreeMap<>();

  ModelGroups copy() {
    ModelGroups copy = new ModelGroups();
    copy.saved.putAll(saved);
    copy.offsets.putAll(offsets);
    return copy;
  }

  Map<String, Saved> saved() {
    return saved;
  }

  Map<String, Long> offsets() {
    return offsets;
  }

  boolean save(String group, int generation, int members) {
    if (saved.containsKey(group) && generation < saved.get(group).generation()) {
      return false;
    }
    saved.put(group, new Saved(generation, members));
    return true;
  }

  boolean commit(String group, int generation, long offset) {
    Saved now = saved.getOrDefault(group, new Saved(0, 0));
    if (generation < 0 ? now.members() > 0 : generation < now.generation()) {
      return false;
    }
    offsets.put(group, offset);
    return true;
  }

  boolean delete(String group) {
    boolean known = saved.containsKey(group) || offsets.containsKey(group);
    if (!known || (saved.containsKey(group) && saved.get(group).members() > 0)) {
      return false;
    }
    saved.remove(group);
    offsets.remove(group);
    return true;
  }

  /** Null: no change and no refusal. */
  Boolean deleteOffset(String group) {
    return offsets.remove(group) == null ? null : true;
  }
}
