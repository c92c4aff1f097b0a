/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Hands items of many threads to one that takes all that have gathered, in the order in which they
 * came. Without locks, and without an allocation an item: an item is its own link.
 *
 * <p>Whoever adds to an empty one has to wake the taker; the others know that it is awake or being
 * woken. Thread-safe; taking by several threads is safe too, each item goes to one of them.
 */
final class HandOver<T extends HandOver.Item<T>> {
  private final AtomicReference<T> newest = new AtomicReference<>();

  /** Something that is handed over once. */
  abstract static class Item<T extends Item<T>> {
    private T next;

    /** The one that came after it; null: none. For the taker. */
    final T next() {
      return next;
    }
  }

  /** Adds; true where nothing waited, so that the taker has to be woken. */
  boolean add(T item) {
    T before;
    do {
      before = newest.get();
      ((Item<T>) item).next = before;
    } while (!newest.compareAndSet(before, item));
    return before == null;
  }

  /** The first of all that wait, linked to the others; null: none. */
  T takeAll() {
    T later = null;
    T item = newest.getAndSet(null);
    while (item != null) {
      T earlier = ((Item<T>) item).next;
      ((Item<T>) item).next = later;
      later = item;
      item = earlier;
    }
    return later;
  }
}
