/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Which versions an object had before it was moved. A copy of an object that was made of parts has
 * another ETag, so the copy says in its metadata which ones the content had: its length, then the
 * versions, the oldest first. Pure.
 */
final class S3Origins {
  /** Of user metadata, without {@code x-amz-meta-}. */
  static final String KEY = "curvine-moved-from";

  /** All of an object's metadata may have 2 KB; a version has some 35 characters. */
  private static final int VERSIONS_MAX = 16;

  private S3Origins() {}

  /** Whether the copy of an object of that version by one request may have another one. */
  static boolean change(String version) {
    return version.indexOf('-') >= 0;
  }

  /** The metadata for a copy. */
  static Map<String, String> carried(HeadObjectResponse source) {
    String version = S3Statuses.version(source.eTag());
    Map<String, String> metadata = new HashMap<>(source.metadata());
    List<String> versions = new ArrayList<>(of(source));
    versions.remove(version);
    versions.add(version);
    int left = Math.max(0, versions.size() - VERSIONS_MAX);
    metadata.keySet().removeIf(KEY::equalsIgnoreCase);
    metadata.put(
        KEY,
        source.contentLength() + " " + String.join(" ", versions.subList(left, versions.size())));
    return metadata;
  }

  /**
   * The former versions of an object. None where it has another length than was copied: a program
   * that keeps the metadata of what it replaces has written it.
   */
  static List<String> of(HeadObjectResponse object) {
    for (Map.Entry<String, String> each : object.metadata().entrySet()) {
      // Servers in Go give names of headers back in their own spelling.
      if (each.getKey().equalsIgnoreCase(KEY)) {
        List<String> words = List.of(each.getValue().strip().split(" "));
        boolean same = words.get(0).equals(Long.toString(object.contentLength()));
        return same ? words.subList(1, words.size()) : List.of();
      }
    }
    return List.of();
  }
}
