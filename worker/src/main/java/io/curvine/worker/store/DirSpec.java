/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import io.curvine.protocol.proto.TierKind;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One cache directory as it is configured: {@code TIER:PATH:CAPACITY}, for example {@code
 * SSD:/var/curvine:10GiB}. Immutable.
 *
 * @param kind of MEM, SSD, HDD
 * @param capacityBytes of page data; metadata comes on top
 */
public record DirSpec(TierKind kind, Path path, long capacityBytes) {
  private static final Pattern FORM =
      Pattern.compile("(MEM|SSD|HDD):(.+):([0-9]{1,12})(B|KiB|MiB|GiB|TiB)");
  private static final long CAPACITY_MIN_BYTES = 8L << 20;

  /**
   * Reads the configured form.
   *
   * @throws IllegalArgumentException saying what was wrong with the text
   */
  public static DirSpec parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "dirs has '" + text + "'; allowed: TIER:PATH:CAPACITY as in SSD:/var/curvine:10GiB");
    }
    long capacity;
    try {
      capacity = Math.multiplyExact(Long.parseLong(form.group(3)), unit(form.group(4)));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("dirs has '" + text + "'; the capacity is too large", e);
    }
    if (capacity < CAPACITY_MIN_BYTES) {
      throw new IllegalArgumentException("dirs has '" + text + "'; allowed: at least 8MiB");
    }
    return new DirSpec(
        TierKind.valueOf(form.group(1).toUpperCase(Locale.ROOT)), Path.of(form.group(2)), capacity);
  }

  private static long unit(String name) {
    return 1L << (10 * java.util.List.of("B", "KiB", "MiB", "GiB", "TiB").indexOf(name));
  }
}
