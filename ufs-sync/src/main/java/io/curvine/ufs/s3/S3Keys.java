/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.nio.charset.StandardCharsets;

/**
 * Between paths of a location and keys of its bucket. Pure.
 *
 * @param scheme of the location, which is the store's
 * @param prefix of all keys: empty, or with a slash at its end
 */
record S3Keys(String scheme, String bucket, String prefix) {
  private static final int KEY_MAX_BYTES = 1_024;

  /** The key of an object. */
  String object(String path) throws CurvineException {
    String key = prefix + path;
    if (key.getBytes(StandardCharsets.UTF_8).length >= KEY_MAX_BYTES) {
      throw new CurvineException(
          ErrorCode.NAME_TOO_LONG, name(key) + ": an S3 key has at most 1024 bytes");
    }
    return key;
  }

  /** What the keys of all below a directory begin with, and the key of its marker object. */
  String directory(String path) throws CurvineException {
    return path.isEmpty() ? prefix : object(path) + "/";
  }

  /** For messages. */
  String name(String key) {
    return scheme + "://" + bucket + "/" + key;
  }
}
