/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.notify;

import io.curvine.protocol.CurvineException;
import io.curvine.ufs.OptionValues;
import io.curvine.ufs.UfsPaths;
import io.curvine.ufs.change.ChangeHint;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * Which keys of which bucket are in a location, and how notifications spell them. Pure.
 *
 * @param prefix of all keys: empty, or with a slash at its end
 */
record BucketKeys(String bucket, String prefix) {
  /** How a message spells its keys. */
  enum Spelling {
    /** As they are. */
    PLAIN,
    /** As in the query of a URL, with '+' for a blank. */
    ENCODED,
    /** Nobody knows. */
    EITHER
  }

  static BucketKeys of(URI location) throws CurvineException {
    String bucket = location.getRawAuthority();
    if (bucket == null || bucket.isEmpty()) {
      throw OptionValues.invalid(
          "ufs uri", location.toString(), location.getScheme() + "://bucket/prefix");
    }
    String path = location.getPath();
    boolean whole = path == null || path.isEmpty() || path.equals("/");
    return new BucketKeys(bucket, whole ? "" : path.substring(1) + "/");
  }

  /** Hints at a key, one for each spelling that may be meant and that is in the location. */
  void hints(String key, Spelling spelling, String version, Consumer<ChangeHint> into) {
    for (String spelled : spellings(key, spelling)) {
      if (spelled.startsWith(prefix)) {
        hint(spelled.substring(prefix.length()), version, into);
      }
    }
  }

  private static List<String> spellings(String key, Spelling spelling) {
    if (spelling == Spelling.PLAIN || (key.indexOf('%') < 0 && key.indexOf('+') < 0)) {
      return List.of(key);
    }
    String decoded;
    try {
      decoded = URLDecoder.decode(key, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return List.of(key); // a percent sign that encodes nothing: it was not encoded
    }
    return spelling == Spelling.ENCODED ? List.of(decoded) : List.of(decoded, key);
  }

  private static void hint(String path, String version, Consumer<ChangeHint> into) {
    // The marker object of a directory has a content that is nobody's.
    boolean marker = path.isEmpty() || path.endsWith("/");
    String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (nameable(bare)) {
      into.accept(new ChangeHint(bare, marker ? "" : version, false));
    }
  }

  /** What has no name here has none in listings either. */
  private static boolean nameable(String path) {
    int start = 0;
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', start)) {
      if (!UfsPaths.nameable(path.substring(start, slash))) {
        return false;
      }
      start = slash + 1;
    }
    return path.isEmpty() || UfsPaths.nameable(path.substring(start));
  }
}
