/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket of at most 1,000 objects, by Amazon's own client. Thread-safe. */
public final class S3Store implements UfsStore {
  private final S3AsyncClient client;
  private final String bucket;

  /** The client stays the caller's. */
  public S3Store(S3AsyncClient client, String bucket) {
    this.client = client;
    this.bucket = bucket;
  }

  @Override
  public void put(String key, byte[] content) {
    var unused =
        client
            .putObject(put -> put.bucket(bucket).key(key), AsyncRequestBody.fromBytes(content))
            .join();
  }

  @Override
  public void putAlike(String key, byte[] content) {
    put(key, content);
  }

  @Override
  public void delete(String key) {
    var unused = client.deleteObject(delete -> delete.bucket(bucket).key(key)).join();
  }

  @Override
  public void rename(String from, String to) {
    var unused =
        client
            .copyObject(
                copy ->
                    copy.sourceBucket(bucket)
                        .sourceKey(from)
                        .destinationBucket(bucket)
                        .destinationKey(to))
            .join();
    delete(from);
  }

  @Override
  public Map<String, byte[]> all() {
    Map<String, byte[]> all = new TreeMap<>();
    for (S3Object object : client.listObjectsV2(list -> list.bucket(bucket)).join().contents()) {
      if (!object.key().endsWith("/")) {
        all.put(
            object.key(),
            client
                .getObject(
                    get -> get.bucket(bucket).key(object.key()), AsyncResponseTransformer.toBytes())
                .join()
                .asByteArray());
      }
    }
    return all;
  }
}
