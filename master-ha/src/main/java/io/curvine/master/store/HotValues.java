/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.MessageLite;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.master.state.Overlay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Committed values as objects, so that a read costs neither a call of the database nor a parse:
 * small families whole, large ones as far as the cache reaches. What is cached may be that a key is
 * absent. Thread-safe; one thread changes it, after the database.
 */
final class HotValues {
  private static final Object ABSENT = new Object();

  /** Of an entry beside its key's bytes and its value: objects, table and queue nodes. */
  private static final int ENTRY_OVERHEAD_BYTES = 160;

  /** A parsed message takes about so many times its stored size. */
  private static final int MESSAGE_GROWTH = 3;

  private final KvReader database;
  private final List<Map<Key, Object>> whole = new ArrayList<>();
  private final List<Cache<Key, Object>> cached = new ArrayList<>();

  /**
   * Loads the small families.
   *
   * @param cacheBytes for the large ones together, as estimated
   */
  HotValues(KvReader database, long cacheBytes) {
    this.database = database;
    long families =
        ColumnFamily.all().stream().filter(f -> f.kept() == ColumnFamily.Kept.CACHED).count();
    for (ColumnFamily<?> family : ColumnFamily.all()) {
      whole.add(family.kept() == ColumnFamily.Kept.IN_MEMORY ? load(family) : null);
      cached.add(
          family.kept() == ColumnFamily.Kept.CACHED ? newCache(cacheBytes / families) : null);
    }
  }

  private static Cache<Key, Object> newCache(long bytes) {
    return Caffeine.newBuilder()
        .maximumWeight(bytes)
        .weigher(HotValues::weight)
        .executor(Runnable::run)
        .build();
  }

  private static int weight(Key key, Object value) {
    int size = value instanceof MessageLite m ? MESSAGE_GROWTH * m.getSerializedSize() : 0;
    return ENTRY_OVERHEAD_BYTES + key.length() + size;
  }

  private <V> Map<Key, Object> load(ColumnFamily<V> family) {
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
        // A load holds the key's place: a value written meanwhile comes after it and stays.
        Object value = cached.get(family.number()).get(key, missing -> loaded(family, missing));
        yield value == ABSENT ? null : HotValues.<V>typed(value);
      }
      case ON_DISK -> database.get(family, key);
    };
  }

  private <V> Object loaded(ColumnFamily<V> family, Key key) {
    V value = database.get(family, key);
    return value == null ? ABSENT : value;
  }

  /** A family's place holds only its own values. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <V> V typed(Object value) {
    return (V) value;
  }

  /** The database has these changes now. */
  void follow(Overlay changes) {
    changes.forEachChange(
        new Overlay.ChangeVisitor() {
          @Override
          public <V> void put(ColumnFamily<V> family, Key key, V value) {
            HotValues.this.put(family, key, value);
          }

          @Override
          public void delete(ColumnFamily<?> family, Key key) {
            HotValues.this.delete(family, key);
          }

          @Override
          public void deleteRange(ColumnFamily<?> family, Key from, Key to) {
            // Its keys come one by one, see KvWriter.
          }
        });
  }

  <V> void put(ColumnFamily<V> family, Key key, V value) {
    switch (family.kept()) {
      case IN_MEMORY -> whole.get(family.number()).put(key, value);
      case CACHED -> cached.get(family.number()).put(key, value);
      case ON_DISK -> {}
    }
  }

  private void delete(ColumnFamily<?> family, Key key) {
    switch (family.kept()) {
      case IN_MEMORY -> whole.get(family.number()).remove(key);
      case CACHED -> cached.get(family.number()).put(key, ABSENT);
      case ON_DISK -> {}
    }
  }
}
