/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStatus.Kind;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Makes entries of what S3 says of objects. The version is the ETag without its quotes, which
 * stores set in some answers and not in others. Pure.
 */
final class S3Statuses {
  private S3Statuses() {}

  /**
   * @param modified null: unknown
   */
  static UfsStatus file(String name, String eTag, long lengthBytes, Instant modified) {
    return file(name, eTag, lengthBytes, modified, List.of());
  }

  /** The same with all that a HEAD says. */
  static UfsStatus file(String name, HeadObjectResponse object) {
    return file(
        name, object.eTag(), object.contentLength(), object.lastModified(), S3Origins.of(object));
  }

  private static UfsStatus file(
      String name, String eTag, long lengthBytes, Instant modified, List<String> former) {
    return new UfsStatus(
        name, Kind.FILE, version(eTag), lengthBytes, nanos(modified), -1, -1, -1, "", former);
  }

  /** S3 has no time of a directory that all its answers agree on. */
  static UfsStatus directory(String name) {
    return new UfsStatus(name, Kind.DIRECTORY, "", 0, 0, -1, -1, -1, "", List.of());
  }

  static String version(String eTag) {
    String bare = eTag == null ? "" : eTag.startsWith("W/") ? eTag.substring(2) : eTag;
    boolean quoted = bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"");
    return quoted ? bare.substring(1, bare.length() - 1) : bare;
  }

  /** As conditional requests want it. */
  static String quoted(String version) {
    return '"' + version + '"';
  }

  /** Whole seconds: the header Last-Modified has no more, while listings of some stores have. */
  private static long nanos(Instant modified) {
    return modified == null ? 0 : TimeUnit.SECONDS.toNanos(modified.getEpochSecond());
  }
}
