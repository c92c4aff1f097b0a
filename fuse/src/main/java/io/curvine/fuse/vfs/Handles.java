/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Numbers what is open. Thread-safe; a number is not used twice. */
final class Handles<T> {
  private final ConcurrentHashMap<Long, T> open = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  long add(T handle) {
    long number = last.incrementAndGet();
    open.put(number, handle);
    return number;
  }

  /** Throws EBADF for a number that is not open. */
  T get(long number) throws ErrnoException {
    return known(number, open.get(number));
  }

  T remove(long number) throws ErrnoException {
    return known(number, open.remove(number));
  }

  int size() {
    return open.size();
  }

  private T known(long number, T handle) throws ErrnoException {
    if (handle == null) {
      throw new ErrnoException(Errno.EBADF, "handle " + number + " is not open");
    }
    return handle;
  }
}
