/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Which versions an object had before it was moved. A copy of an object that was made of parts has
 * another ETag, so the copy says in its metadata which ones the content had: its length, when it
 * was copied, then the versions, the oldest first. Pure.
 *
 * <p>A program that keeps metadata when it replaces an object is told by the length, or by the time
 * of the object being another than that of the copy.
 */
final class S3Origins {
  /** Of user metadata, without {@code x-amz-meta-}. */
  static final String KEY = "curvine-moved-from";

  /** What S3 takes of an object's keys and values. */
  private static final int METADATA_MAX_BYTES = 2_048;

  private static final int VERSIONS_MAX = 16;

  /** The clocks of a store and a worker may differ, and a large copy takes its time. */
  private static final long NEAR_SECONDS = TimeUnit.MINUTES.toSeconds(15);

  private static final long COPIED_BYTES_PER_SECOND_MIN = 4L << 20;

  private S3Origins() {}

  /** Whether the copy of an object of that version by one request may have another one. */
  static boolean change(String version) {
    return version.indexOf('-') >= 0;
  }

  /**
   * The metadata for a copy. Where the note has no room, that of the source as it is: the copy then
   * counts as another object.
   */
  static Map<String, String> carried(HeadObjectResponse source, Instant now) {
    String version = S3Statuses.version(source.eTag());
    Map<String, String> metadata = new HashMap<>(source.metadata());
    List<String> versions = new ArrayList<>(of(source));
    versions.remove(version);
    versions.add(version);
    metadata.keySet().removeIf(KEY::equalsIgnoreCase);
    int room = METADATA_MAX_BYTES - bytes(metadata);
    for (int from = Math.max(0, versions.size() - VERSIONS_MAX); from < versions.size(); from++) {
      String note =
          source.contentLength()
              + " "
              + now.getEpochSecond()
              + " "
              + String.join(" ", versions.subList(from, versions.size()));
      if (KEY.length() + note.length() <= room) {
        metadata.put(KEY, note);
        break;
      }
    }
    return metadata;
  }

  private static int bytes(Map<String, String> metadata) {
    return metadata.entrySet().stream()
        .mapToInt(
            each -> each.getKey().getBytes(UTF_8).length + each.getValue().getBytes(UTF_8).length)
        .sum();
  }

  /** The former versions of an object; none where the note is not of this content. */
  static List<String> of(HeadObjectResponse object) {
    for (Map.Entry<String, String> each : object.metadata().entrySet()) {
      // Servers in Go give names of headers back in their own spelling.
      if (each.getKey().equalsIgnoreCase(KEY)) {
        List<String> words = List.of(each.getValue().strip().split(" "));
        boolean noted = words.size() > 2 && isOf(object, words.get(0), words.get(1));
        return noted ? words.subList(2, words.size()) : List.of();
      }
    }
    return List.of();
  }

  private static boolean isOf(HeadObjectResponse object, String length, String copied) {
    try {
      long after = object.lastModified().getEpochSecond() - Long.parseLong(copied);
      long copying = object.contentLength() / COPIED_BYTES_PER_SECOND_MIN;
      return length.equals(Long.toString(object.contentLength()))
          && after > -NEAR_SECONDS
          && after < NEAR_SECONDS + copying;
    } catch (NumberFormatException e) {
      return false; // another program's note
    }
  }
}
