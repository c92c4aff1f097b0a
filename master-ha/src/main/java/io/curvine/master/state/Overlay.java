/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The changes of one journal entry over a base that does not have them yet. What it reads is the
 * base with the changes. The base is the committed state, or the overlay of the entry before.
 *
 * <p>Owned by one thread; once that has made the last change, any may read.
 */
public final class Overlay implements KvReader, KvWriter {
  private final FamilyChanges[] families = new FamilyChanges[ColumnFamily.count()];
  private volatile KvReader base;

  /** Takes each change of an overlay, deleted ranges of a family before its keys. */
  public interface ChangeVisitor {
    <V> void put(ColumnFamily<V> family, Key key, V value);

    void delete(ColumnFamily<?> family, Key key);

    void deleteRange(ColumnFamily<?> family, Key from, Key to);
  }

  public Overlay(KvReader base) {
    this.base = base;
  }

  /** The base has become another one that reads the same. */
  public void rebase(KvReader sameState) {
    base = sameState;
  }

  /** The same changes over another base; for reading only. */
  public KvReader over(KvReader otherBase) {
    Overlay other = new Overlay(otherBase);
    System.arraycopy(families, 0, other.families, 0, families.length);
    return other;
  }

  /** Visits every change. */
  public void forEachChange(ChangeVisitor visitor) {
    for (ColumnFamily<?> family : ColumnFamily.all()) {
      if (families[family.number()] != null) {
        visit(family, families[family.number()], visitor);
      }
    }
  }

  /** As {@link #forEachChange}, the keys of each family in their order. */
  public void forEachChangeInOrder(ChangeVisitor visitor) {
    for (ColumnFamily<?> family : ColumnFamily.all()) {
      FamilyChanges changes = families[family.number()];
      if (changes != null) {
        List<Map.Entry<Key, Object>> keys = new ArrayList<>(changes.keys().entrySet());
        keys.sort(Map.Entry.comparingByKey());
        changes
            .deletedRanges()
            .forEach(range -> visitor.deleteRange(family, range.from(), range.to()));
        keys.forEach(change -> visitOne(family, change.getKey(), change.getValue(), visitor));
      }
    }
  }

  private static <V> void visit(
      ColumnFamily<V> family, FamilyChanges changes, ChangeVisitor visitor) {
    for (FamilyChanges.Range range : changes.deletedRanges()) {
      visitor.deleteRange(family, range.from(), range.to());
    }
    changes.keys().forEach((key, value) -> visitOne(family, key, value, visitor));
  }

  private static <V> void visitOne(
      ColumnFamily<V> family, Key key, Object value, ChangeVisitor visitor) {
    if (value == FamilyChanges.DELETED) {
      visitor.delete(family, key);
    } else {
      visitor.put(family, key, Overlay.<V>typed(value));
    }
  }

  /** A family's changes hold what its own put was given. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <V> V typed(Object value) {
    return (V) value;
  }

  @Override
  public <V> void put(ColumnFamily<V> family, Key key, V value) {
    changes(family).set(key, value);
  }

  @Override
  public void delete(ColumnFamily<?> family, Key key) {
    changes(family).set(key, FamilyChanges.DELETED);
  }

  @Override
  public void deleteRange(ColumnFamily<?> family, Key from, Key to) {
    changes(family).deleteRange(from, to);
  }

  private FamilyChanges changes(ColumnFamily<?> family) {
    FamilyChanges changes = families[family.number()];
    if (changes == null) {
      changes = new FamilyChanges();
      families[family.number()] = changes;
    }
    return changes;
  }

  /** Whether a deletion of the key is part of a range's. */
  public boolean inDeletedRange(ColumnFamily<?> family, Key key) {
    FamilyChanges changes = families[family.number()];
    return changes != null && changes.inDeletedRange(key);
  }

  @Override
  public <V> V get(ColumnFamily<V> family, Key key) {
    FamilyChanges changes = families[family.number()];
    Object changed = changes == null ? null : changes.get(key);
    if (changed == null) {
      return base.get(family, key);
    }
    return changed == FamilyChanges.DELETED ? null : Overlay.<V>typed(changed);
  }

  @Override
  public <V> void scan(ColumnFamily<V> family, Key from, Key to, Visitor<V> visitor) {
    FamilyChanges changes = families[family.number()];
    if (changes == null) {
      base.scan(family, from, to, visitor);
      return;
    }
    // A copy: the visitor may change what it visits.
    List<Map.Entry<Key, Object>> changed = changes.between(from, to);
    Merge<V> merge = new Merge<>(changes, changed.iterator(), visitor);
    base.scan(family, from, to, merge);
    merge.finish();
  }

  /** Visits base and changes as one ordered sequence. */
  private static final class Merge<V> implements Visitor<V> {
    private final List<FamilyChanges.Range> deleted;
    private final Iterator<Map.Entry<Key, Object>> changed;
    private final Visitor<V> visitor;
    private Map.Entry<Key, Object> next;
    private boolean enough;

    Merge(FamilyChanges changes, Iterator<Map.Entry<Key, Object>> changed, Visitor<V> visitor) {
      this.deleted = List.copyOf(changes.deletedRanges());
      this.changed = changed;
      this.visitor = visitor;
      this.next = changed.hasNext() ? changed.next() : null;
    }

    @Override
    public boolean visit(Key key, V value) {
      int order = 1;
      while (!enough && next != null && (order = next.getKey().compareTo(key)) < 0) {
        visitNext();
      }
      if (enough) {
        return false;
      }
      if (next != null && order == 0) {
        visitNext();
      } else if (deleted.stream().noneMatch(range -> range.holds(key))) {
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
      Key key = next.getKey();
      Object value = next.getValue();
      next = changed.hasNext() ? changed.next() : null;
      if (value != FamilyChanges.DELETED) {
        enough = !visitor.visit(key, Overlay.<V>typed(value));
      }
    }
  }
}
