/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;

/** Notifications of a bucket as S3 writes them. */
public final class BucketEvents {
  private BucketEvents() {}

  /** The key has an object, or another one. */
  public static String created(String bucket, String key) {
    return event("ObjectCreated:Put", bucket, key);
  }

  /** The key has none any more. */
  public static String removed(String bucket, String key) {
    return event("ObjectRemoved:Delete", bucket, key);
  }

  private static String event(String name, String bucket, String key) {
    return """
        {"Records":[{"eventName":"%s","eventTime":"2026-11-27T00:00:00.000Z",
        "s3":{"bucket":{"name":"%s"},"object":{"key":"%s"}}}]}"""
        .formatted(name, bucket, URLEncoder.encode(key, UTF_8));
  }
}
