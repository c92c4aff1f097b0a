/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import java.time.Instant;

/** What a bucket says of a change, as S3 and MinIO do. */
public final class BucketEvent {
  private BucketEvent() {}

  /** That an object was written; all of it is plain ASCII. */
  public static String written(String bucket, String key, long length, String eTag) {
    return "{\"Records\":[{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"awsRegion\":"
        + "\"us-east-1\",\"eventTime\":\""
        + Instant.now()
        + "\",\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"s3SchemaVersion\":\"1.0\",\"bucket\":"
        + "{\"name\":\""
        + bucket
        + "\"},\"object\":{\"key\":\""
        + key
        + "\",\"size\":"
        + length
        + ",\"eTag\":\""
        + eTag
        + "\"}}}]}";
  }
}
