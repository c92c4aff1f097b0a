/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.change;

/**
 * What a change source says of one path. A hint and no more: whoever gets it looks at the store,
 * unless {@code version} shows that there is nothing new.
 *
 * @param path in the location, as of {@link io.curvine.ufs.UnderFileSystem}; empty: the location
 * @param version of the content that the source saw there, as {@link
 *     io.curvine.ufs.UfsStatus#version} gives it; empty: it does not say
 * @param tree all below may have changed too, without hints of their own
 */
public record ChangeHint(String path, String version, boolean tree) {
  /** Something happened at exactly that path. */
  public static ChangeHint at(String path) {
    return new ChangeHint(path, "", false);
  }

  /** Something happened at that path or below it. */
  public static ChangeHint below(String path) {
    return new ChangeHint(path, "", true);
  }
}
