/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Changes over a base that does not have them yet. What it reads is the base with the changes. Used
 * twice: for what one entry writes while it is applied, and for what the leader has decided and not
 * yet applied. Not thread-safe.
 */
public final class Overlay implements KvReader, KvWriter {
  private final KvReader base;
  private final Map<ColumnFamily, NavigableMap<byte[], Change>> changes =
      new EnumMap<>(ColumnFamily.class);
  private long tag;

  /** One changed key; a null value: deleted. */
  private static final class Change {
    private final byte[] value;
    private final long tag;

    Change(byte[] value, long tag) {
      this.value = value;
      this.tag = tag;
    }
  }

  /** Takes one change; a null value: deleted. */
  @FunctionalInterface
  public interface ChangeVisitor {
    void visit(ColumnFamily family, byte[] key, byte[] value);
  }

  public Overlay(KvReader base) {
    this.base = base;
  }

  /** Marks the changes that follow. Tags must not decrease. */
  public void tag(long newTag) {
    tag = newTag;
  }

  /** Forgets the changes marked with this tag or a lower one: the base has them now. */
  public void forgetUpTo(long lastTag) {
    for (NavigableMap<byte[], Change> family : changes.values()) {
      family.values().removeIf(change -> change.tag <= lastTag);
    }
  }

  /** Forgets everything. */
  public void clear() {
    changes.clear();
  }

  /** Visits every change. */
  public void forEachChange(ChangeVisitor visitor) {
    changes.forEach(
        (family, keys) -> keys.forEach((key, change) -> visitor.visit(family, key, change.value)));
  }

  @Override
  public void put(ColumnFamily family, byte[] key, byte[] value) {
    change(family, key, new Change(value, tag));
  }

  @Override
  public void delete(ColumnFamily family, byte[] key) {
    change(family, key, new Change(null, tag));
  }

  private void change(ColumnFamily family, byte[] key, Change change) {
    changes.computeIfAbsent(family, f -> new TreeMap<>(Arrays::compareUnsigned)).put(key, change);
  }

  @Override
  public byte[] get(ColumnFamily family, byte[] key) {
    NavigableMap<byte[], Change> changed = changes.get(family);
    Change change = changed == null ? null : changed.get(key);
    return change != null ? change.value : base.get(family, key);
  }

  @Override
  public void scan(ColumnFamily family, byte[] from, byte[] to, Visitor visitor) {
    NavigableMap<byte[], Change> all = changes.get(family);
    if (all == null || all.isEmpty()) {
      base.scan(family, from, to, visitor);
      return;
    }
    // A copy: the visitor may change what it visits.
    List<Map.Entry<byte[], Change>> changed =
        new ArrayList<>(
            (to == null ? all.tailMap(from, true) : all.subMap(from, true, to, false)).entrySet());
    Merge merge = new Merge(changed.iterator(), visitor);
    base.scan(family, from, to, merge);
    merge.finish();
  }

  /** Visits base and changes as one ordered sequence. */
  private static final class Merge implements Visitor {
    private final Iterator<Map.Entry<byte[], Change>> changed;
    private final Visitor visitor;
    private Map.Entry<byte[], Change> next;
    private boolean enough;

    Merge(Iterator<Map.Entry<byte[], Change>> changed, Visitor visitor) {
      this.changed = changed;
      this.visitor = visitor;
      this.next = changed.hasNext() ? changed.next() : null;
    }

    @Override
    public boolean visit(byte[] key, byte[] value) {
      int order = 1;
      while (!enough && next != null && (order = Arrays.compareUnsigned(next.getKey(), key)) < 0) {
        visitNext();
      }
      if (enough) {
        return false;
      }
      if (next != null && order == 0) {
        visitNext();
      } else {
        enough = !visitor.visit(key, value);
      }
      return !enough;
    }

    void finish() {
      while (!enough && next != null) {
        visitNext();
      }
    }

    private void visitNext() {
      byte[] key = next.getKey();
      byte[] value = next.getValue().value;
      next = changed.hasNext() ? changed.next() : null;
      if (value != null) {
        enough = !visitor.visit(key, value);
      }
    }
  }
}
