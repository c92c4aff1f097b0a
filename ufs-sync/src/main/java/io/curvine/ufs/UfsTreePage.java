/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import java.util.List;

/**
 * A part of the listing of a whole location. Immutable.
 *
 * @param items in the order of the unsigned bytes of the keys in UTF-8. Of an object that cannot be
 *     named there is only the directory that it is in, which may come again
 * @param last the key to go on after; it may be of an object that is left out of the items
 * @param more there are further ones
 */
public record UfsTreePage(List<Item> items, String last, boolean more) {
  public UfsTreePage {
    items = List.copyOf(items);
  }

  /**
   * One object.
   *
   * @param key its path in the location, with a slash at its end where it marks a directory
   * @param status with the last component of the path as its name
   */
  public record Item(String key, UfsStatus status) {}
}
