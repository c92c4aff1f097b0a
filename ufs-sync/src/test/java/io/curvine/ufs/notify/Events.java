/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Notifications as the stores send them. */
public final class Events {
  /** The time of all events here. */
  public static final String TIME = "2026-11-27T10:15:30.123Z";

  private static final JsonMapper JSON = new JsonMapper();

  private Events() {}

  /** Of AWS: an object was written. */
  public static String created(String bucket, String key, String eTag) {
    return records(record("aws:s3", "ObjectCreated:Put", bucket, encoded(key), eTag));
  }

  /** Of AWS: an object was deleted. */
  public static String removed(String bucket, String key) {
    return records(record("aws:s3", "ObjectRemoved:Delete", bucket, encoded(key), ""));
  }

  /** As AWS and MinIO spell a key. */
  public static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8);
  }

  /** One element of Records. */
  public static Map<String, Object> record(
      String source, String event, String bucket, String key, String eTag) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("key", key);
    object.put("size", 1024);
    if (!eTag.isEmpty()) {
      object.put("eTag", eTag);
    }
    object.put("sequencer", "0055AED6DCD90281E5");
    return Map.of(
        "eventVersion",
        "2.1",
        "eventSource",
        source,
        "eventTime",
        TIME,
        "eventName",
        event,
        "s3",
        Map.of(
            "bucket", Map.of("name", bucket, "arn", "arn:aws:s3:::" + bucket), "object", object));
  }

  /** A message of such elements. */
  public static String records(List<Map<String, Object>> records) {
    return json(Map.of("Records", records));
  }

  /** As SNS hands a message to a queue. */
  public static String sns(String message) {
    return json(Map.of("Type", "Notification", "MessageId", "m-1", "Message", message));
  }

  /** A message of one element. */
  public static String records(Map<String, Object> record) {
    return records(List.of(record));
  }

  /** Anything. */
  public static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
