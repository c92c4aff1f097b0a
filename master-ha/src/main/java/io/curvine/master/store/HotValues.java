/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Committed values in memory, so that a read costs no call of the database: small families whole,
 * large ones as far as the cache reaches. Thread-safe; one thread changes it, after the database.
 */
final class HotValues {
  /** Of three parts of the cache's bytes; an inode is about twice as long as a name. */
  private static final int INODE_PARTS = 2;

  private static final int PARTS = 3;

  /** So many inodes are kept parsed: the directories of paths in use, and the newest files. */
  private static final int PARSED_INODES_BITS = 13;

  /** Reads what is stored at a key; null where nothing is. */
  @FunctionalInterface
  interface StoredReader {
    byte[] get(ColumnFamily<?> family, Key key);
  }

  private final StoredReader stored;
  private final List<Map<Key, Object>> whole = new ArrayList<>();
  private final List<PackedCache<?>> cached = new ArrayList<>();

  /**
   * Loads the small families.
   *
   * @param database read through for the small families
   * @param stored read through for the large ones, by key
   * @param cacheBytes for the large ones together; 0: they are read from the database each time
   */
  HotValues(KvReader database, StoredReader stored, long cacheBytes) {
    this.stored = stored;
    for (ColumnFamily<?> family : ColumnFamily.all()) {
      whole.add(family.kept() == ColumnFamily.Kept.IN_MEMORY ? load(database, family) : null);
      boolean isCached = family.kept() == ColumnFamily.Kept.CACHED && cacheBytes > 0;
      cached.add(isCached ? newCache(family, cacheBytes) : null);
    }
  }

  private static PackedCache<?> newCache(ColumnFamily<?> family, long bytes) {
    boolean inodes = family == ColumnFamily.INODES;
    return new PackedCache<>(
        family,
        bytes / PARTS * (inodes ? INODE_PARTS : PARTS - INODE_PARTS),
        inodes ? PARSED_INODES_BITS : 0);
  }

  private static <V> Map<Key, Object> load(KvReader database, ColumnFamily<V> family) {
    Map<Key, Object> all = new ConcurrentHashMap<>();
    database.scan(
        family,
        Keys.EMPTY,
        null,
        (key, value) -> {
          all.put(key, value);
          return true;
        });
    return all;
  }

  /** The value, or null where there is none. */
  <V> V get(ColumnFamily<V> family, Key key) {
    return switch (family.kept()) {
      case IN_MEMORY -> HotValues.<V>typed(whole.get(family.number()).get(key));
      case CACHED -> {
        PackedCache<?> cache = cached.get(family.number());
        yield cache == null ? parsed(family, stored.get(family, key)) : get(family, cache, key);
      }
      case ON_DISK -> parsed(family, stored.get(family, key));
    };
  }

  private <V> V get(ColumnFamily<V> family, PackedCache<?> cache, Key key) {
    Object value = cache.get(key);
    if (value == PackedCache.ABSENT) {
      return null;
    }
    return value != null ? HotValues.<V>typed(value) : load(family, cache, key);
  }

  private <V> V load(ColumnFamily<V> family, PackedCache<?> cache, Key key) {
    int ticket = cache.ticket(key);
    byte[] bytes = stored.get(family, key);
    cache.fill(key, bytes, ticket);
    return parsed(family, bytes);
  }

  private static <V> V parsed(ColumnFamily<V> family, byte[] bytes) {
    return bytes == null ? null : family.toValue(bytes);
  }

  /** A family's place holds only its own values. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <V> V typed(Object value) {
    return (V) value;
  }

  /** The database has these changes now. */
  void follow(List<EntryWrites.HotChange> changes) {
    changes.forEach(this::follow);
  }

  private void follow(EntryWrites.HotChange change) {
    int family = change.family().number();
    if (change.family().kept() == ColumnFamily.Kept.CACHED) {
      if (cached.get(family) != null) {
        cached.get(family).put(change.key(), (byte[]) change.value());
      }
    } else if (change.value() == null) {
      whole.get(family).remove(change.key());
    } else {
      whole.get(family).put(change.key(), change.value());
    }
  }
}
