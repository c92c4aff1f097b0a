/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client.block;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.MappedByteBuffer;

/**
 * Ends a mapping at once; else the collector does, some time, and a file that was removed keeps its
 * room on the disk until then. Stateless.
 */
final class Unmapper {
  private static final Object UNSAFE;
  private static final Method CLEAN;

  static {
    Object unsafe = null;
    Method clean = null;
    try {
      Class<?> type = Class.forName("sun.misc.Unsafe");
      Field instance = type.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      unsafe = instance.get(null);
      clean = type.getMethod("invokeCleaner", java.nio.ByteBuffer.class);
    } catch (ReflectiveOperationException | RuntimeException e) {
      clean = null; // left to the collector
    }
    UNSAFE = unsafe;
    CLEAN = clean;
  }

  private Unmapper() {}

  /** Nobody may use the mapping from now on: the process would end. */
  static void unmap(MappedByteBuffer mapping) {
    if (CLEAN == null) {
      return;
    }
    try {
      CLEAN.invoke(UNSAFE, mapping);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("a mapping cannot be ended", e);
    }
  }
}
