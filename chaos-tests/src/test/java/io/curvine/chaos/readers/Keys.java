/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The keys of a mount: some of each directory for each writer, and some for both. */
public final class Keys {
  /** Every directory, with objects of each kind. */
  public static final List<String> DIRECTORIES = List.of("d0", "d1");

  private static final int OWN = 4;
  private static final int SHARED = 2;
  private static final int KIBIBYTE = 1 << 10;

  private Keys() {}

  /** Changed at the UFS alone. */
  public static List<String> ufs() {
    return keys("u", OWN);
  }

  /** Changed through Curvine alone. */
  public static List<String> curvine() {
    return keys("c", OWN);
  }

  /** Changed in both ways. */
  public static List<String> shared() {
    return keys("s", SHARED);
  }

  /** Those that one writer has for itself. */
  public static List<String> owned() {
    List<String> owned = new ArrayList<>(ufs());
    owned.addAll(curvine());
    return owned;
  }

  private static List<String> keys(String kind, int count) {
    List<String> keys = new ArrayList<>();
    for (String directory : DIRECTORIES) {
      for (int i = 0; i < count; i++) {
        keys.add(directory + "/" + kind + i);
      }
    }
    return keys;
  }

  static String any(List<String> keys, Random random) {
    return keys.get(random.nextInt(keys.size()));
  }

  /** Of an object: most are small, some have several blocks. */
  static int lengthBytes(Random random) {
    int kind = random.nextInt(10);
    if (kind == 0) {
      return 1200 * KIBIBYTE + random.nextInt(1300 * KIBIBYTE);
    }
    int most = kind < 5 ? 4 * KIBIBYTE : 100 * KIBIBYTE;
    return Content.LENGTH_MIN_BYTES + random.nextInt(most);
  }
}
