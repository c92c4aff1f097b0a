/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.change.ChangeHint;
import io.curvine.ufs.notify.BucketKeys.Spelling;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads the notifications of object stores about one location. Immutable, hence thread-safe.
 *
 * <p>It takes S3's event message ({@code Records}) as AWS, MinIO and Ceph's radosgw send it, AWS
 * EventBridge's events, and either within an SNS notification. AWS and MinIO encode keys as in the
 * query of a URL, radosgw and EventBridge do not; where the sender cannot be told both spellings
 * give a hint. Sources: the AWS S3 user guide, "Event message structure" and "EventBridge event
 * message structure"; MinIO's and Ceph's documents on bucket notifications.
 */
public final class BucketNotifications {
  /** Schemes of the stores that notify of buckets in this way. */
  public static final Set<String> SCHEMES = Set.of("s3", "oss", "cos", "gcs", "gs", "minio");

  /** An event in an SNS message, and one level to spare. */
  private static final int WRAPPINGS_MAX = 2;

  private static final int WHY_MAX_CHARACTERS = 200;

  /** Prefixes of events, in lower case and letters only, after which the content is as before. */
  private static final List<String> UNCHANGING =
      List.of("objectaccessed", "objecttag", "objectacl", "testevent");

  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private final BucketKeys keys;

  private BucketNotifications(BucketKeys keys) {
    this.keys = keys;
  }

  /**
   * Of a location.
   *
   * @param location {@code scheme://bucket/prefix}
   * @throws CurvineException INVALID_ARGUMENT where it has no bucket
   */
  public static BucketNotifications of(URI location) throws CurvineException {
    return new BucketNotifications(BucketKeys.of(location));
  }

  /**
   * Reads one message.
   *
   * @param body JSON in UTF-8
   * @throws CurvineException INVALID_ARGUMENT where it cannot be understood: it may have told of
   *     anything
   */
  public Notification read(byte[] body) throws CurvineException {
    Reading reading = new Reading();
    reading.message(parse(body), 0);
    return new Notification(reading.hints, reading.newestMillis);
  }

  private static JsonNode parse(byte[] body) throws CurvineException {
    try {
      return READER.readValue(body);
    } catch (JsonProcessingException e) {
      throw unreadable("it is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw unreadable("it is not JSON: " + e.getMessage(), e);
    }
  }

  private static CurvineException unreadable(String why, Throwable cause) {
    String line = why.replaceAll("\\s+", " ").trim();
    return new CurvineException(
        ErrorCode.INVALID_ARGUMENT,
        "a message could not be read: "
            + line.substring(0, Math.min(line.length(), WHY_MAX_CHARACTERS)),
        cause);
  }

  private static CurvineException unreadable(String why) {
    return unreadable(why, null);
  }

  /** "s3:ObjectCreated:Put" and "Object Created" begin alike. */
  private static String letters(String event) {
    String name = event.startsWith("s3:") ? event.substring(3) : event;
    return name.replace(" ", "").toLowerCase(Locale.ROOT);
  }

  private static boolean changes(String event) {
    return UNCHANGING.stream().noneMatch(event::startsWith);
  }

  /** One message. */
  private final class Reading {
    final List<ChangeHint> hints = new ArrayList<>();
    long newestMillis;

    void message(JsonNode message, int wrappings) throws CurvineException {
      if (message.path("Records").isArray()) {
        for (JsonNode each : message.path("Records")) {
          record(each);
        }
      } else if (message.path("detail").isObject() && message.has("detail-type")) {
        bridged(message);
      } else if (message.path("Message").isTextual() && wrappings < WRAPPINGS_MAX) {
        wrapped(message, wrappings);
      } else if (!letters(message.path("Event").asText()).equals("testevent")) {
        throw unreadable("it has neither Records nor detail nor Message");
      }
    }

    /** Of SNS, which also asks to confirm subscriptions: that tells of no change. */
    private void wrapped(JsonNode message, int wrappings) throws CurvineException {
      if (!message.path("Type").asText().endsWith("Confirmation")) {
        byte[] inner = message.path("Message").asText().getBytes(StandardCharsets.UTF_8);
        message(parse(inner), wrappings + 1);
      }
    }

    private void record(JsonNode event) throws CurvineException {
      JsonNode s3 = event.path("s3");
      if (s3.isObject()) {
        object(
            letters(event.path("eventName").asText()),
            s3.path("bucket"),
            s3.path("object"),
            spelling(event),
            event.path("eventTime").asText());
      } else if (!event.isObject() || event.isEmpty()) {
        throw unreadable("a record is not an event");
      }
      // Other services tell of themselves in Records too.
    }

    private void bridged(JsonNode event) throws CurvineException {
      if (event.path("source").asText("aws.s3").equals("aws.s3")) {
        JsonNode detail = event.path("detail");
        object(
            letters(event.path("detail-type").asText()),
            detail.path("bucket"),
            detail.path("object"),
            Spelling.PLAIN,
            event.path("time").asText());
      }
    }

    private void object(
        String event, JsonNode bucket, JsonNode object, Spelling spelling, String time)
        throws CurvineException {
      JsonNode name = bucket.path("name");
      if (!name.isTextual()) {
        throw unreadable("an event has no bucket name");
      }
      if (!name.textValue().equals(keys.bucket()) || !changes(event)) {
        return;
      }
      JsonNode key = object.path("key");
      if (!key.isTextual() || key.textValue().isEmpty()) {
        throw unreadable("an event has no object key");
      }
      String version = event.startsWith("objectcreated") ? version(object) : "";
      int before = hints.size();
      keys.hints(key.textValue(), spelling, version, hints::add);
      if (hints.size() > before) {
        newestMillis = Math.max(newestMillis, millis(time));
      }
    }

    /** As the providers give it: without quotes. */
    private String version(JsonNode object) {
      String tag = object.path("eTag").asText(object.path("etag").asText());
      String bare = tag.startsWith("W/") ? tag.substring(2) : tag;
      boolean quoted = bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"");
      return quoted ? bare.substring(1, bare.length() - 1) : bare;
    }

    /** Older radosgw calls itself aws:s3, and is known by fields that AWS does not send. */
    private Spelling spelling(JsonNode event) {
      if (event.has("opaqueData") || event.has("eventId")) {
        return Spelling.PLAIN;
      }
      return switch (event.path("eventSource").asText()) {
        case "ceph:s3" -> Spelling.PLAIN;
        case "aws:s3", "minio:s3" -> Spelling.ENCODED;
        default -> Spelling.EITHER;
      };
    }

    private long millis(String time) {
      try {
        return time.isEmpty() ? 0 : Instant.parse(time).toEpochMilli();
      } catch (DateTimeException | ArithmeticException e) {
        return 0; // the time is for monitoring alone
      }
    }
  }
}
