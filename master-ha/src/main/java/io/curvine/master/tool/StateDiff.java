/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.store.FrozenState;
import io.curvine.protocol.proto.Inode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which entries of the namespace differ between two states. A name of an inode that has gone and
 * another one that has come are a rename; what lies below a directory that was renamed is not named
 * again, what lies below one that was deleted is. For one thread; memory grows with the number of
 * directories and of differences.
 */
public final class StateDiff {
  private final NamespaceView before;
  private final NamespaceView after;
  private final EntryPaths pathsBefore;
  private final EntryPaths pathsAfter;
  private final Map<Long, List<String>> gone = new LinkedHashMap<>();
  private final Map<Long, List<String>> come = new LinkedHashMap<>();
  private final Map<String, Entry> entries = new TreeMap<>();

  /** What became of an entry. */
  public enum Kind {
    ADDED,
    REMOVED,
    RENAMED,
    CHANGED
  }

  /**
   * One entry that differs.
   *
   * @param path in the later state; of one that was removed in the earlier one
   * @param from of one that was renamed: its path in the earlier state; else empty
   * @param fields of the inode that differ, where both states have the entry
   */
  public record Entry(Kind kind, String path, String from, long inode, List<String> fields) {
    public Entry {
      fields = List.copyOf(fields);
    }
  }

  private StateDiff(FrozenState before, FrozenState after) {
    this.before = before.view().namespace();
    this.after = after.view().namespace();
    this.pathsBefore = new EntryPaths(this.before);
    this.pathsAfter = new EntryPaths(this.after);
  }

  /** All entries that differ, by path. */
  public static List<Entry> of(FrozenState before, FrozenState after) {
    StateDiff diff = new StateDiff(before, after);
    diff.compareRoot();
    StateComparison.visit(ColumnFamily.DENTRIES, before, after, diff::compare);
    diff.pair();
    return List.copyOf(diff.entries.values());
  }

  private void compareRoot() {
    Inode was = before.find(NamespaceView.ROOT);
    Inode is = after.find(NamespaceView.ROOT);
    if (was != null && is != null && !was.equals(is)) {
      add(new Entry(Kind.CHANGED, "/", "", NamespaceView.ROOT, fields(was, is)));
    }
  }

  private boolean compare(Key key, byte[] inBefore, byte[] inAfter) {
    String was = inBefore == null ? null : pathsBefore.of(key.longAt(0), Keys.nameAt(key, 8));
    String is = inAfter == null ? null : pathsAfter.of(key.longAt(0), Keys.nameAt(key, 8));
    long inodeWas = was == null ? 0 : ColumnFamily.DENTRIES.toValue(inBefore);
    long inodeIs = is == null ? 0 : ColumnFamily.DENTRIES.toValue(inAfter);
    if (inodeWas == inodeIs) {
      if (inodeIs != 0) {
        changed(inodeIs, is, "", Kind.CHANGED);
      }
      return true;
    }
    if (inodeWas != 0) {
      gone.computeIfAbsent(inodeWas, inode -> new ArrayList<>()).add(was);
    }
    if (inodeIs != 0) {
      come.computeIfAbsent(inodeIs, inode -> new ArrayList<>()).add(is);
    }
    return true;
  }

  private void changed(long inode, String path, String from, Kind kind) {
    Inode was = before.require(inode);
    Inode is = after.require(inode);
    if (kind != Kind.CHANGED || !was.equals(is)) {
      add(new Entry(kind, path, from, inode, fields(was, is)));
    }
  }

  private static List<String> fields(Inode was, Inode is) {
    List<String> fields = new ArrayList<>();
    for (var field : Inode.getDescriptor().getFields()) {
      if (!Objects.equals(was.getField(field), is.getField(field))
          || (field.hasPresence() && was.hasField(field) != is.hasField(field))) {
        fields.add(field.getName());
      }
    }
    return fields;
  }

  private void pair() {
    come.forEach(
        (inode, paths) -> {
          List<String> former = gone.getOrDefault(inode, new ArrayList<>());
          for (String path : paths) {
            if (former.isEmpty()) {
              add(new Entry(Kind.ADDED, path, "", inode, List.of()));
            } else {
              changed(inode, path, former.remove(0), Kind.RENAMED);
            }
          }
        });
    gone.forEach(
        (inode, paths) ->
            paths.forEach(path -> add(new Entry(Kind.REMOVED, path, "", inode, List.of()))));
  }

  /** Something may have taken the place of what was removed. */
  private void add(Entry entry) {
    entries.put(entry.path() + "\0" + entry.kind(), entry);
  }
}
