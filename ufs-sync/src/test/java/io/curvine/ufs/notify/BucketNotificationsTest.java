/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.notify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.change.ChangeHint;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketNotificationsTest {
  @Test
  void awsEncodesItsKeys() throws Exception {
    String body =
        Events.records(
            Events.record("aws:s3", "ObjectCreated:Put", "b", "p/a+b%C3%A4%2B.txt", "e1"));
    assertThat(hints("s3://b/p", body)).containsExactly(new ChangeHint("a bä+.txt", "e1", false));
    assertThat(read("s3://b/p", body).newestMillis())
        .isEqualTo(Instant.parse(Events.TIME).toEpochMilli());
  }

  @Test
  void minioWrapsAndEncodesSlashesToo() throws Exception {
    String body =
        Events.json(
            Map.of(
                "EventName",
                "s3:ObjectCreated:Put",
                "Key",
                "b/x/y z",
                "Records",
                List.of(Events.record("minio:s3", "s3:ObjectCreated:Put", "b", "x%2Fy+z", "e"))));
    assertThat(hints("minio://b", body)).containsExactly(new ChangeHint("x/y z", "e", false));
  }

  @Test
  void radosgwDoesNotEncode() throws Exception {
    String body =
        Events.records(Events.record("ceph:s3", "ObjectCreated:Put", "b", "a+b%20c", "\"e\""));
    assertThat(hints("s3://b", body)).containsExactly(new ChangeHint("a+b%20c", "e", false));
  }

  @Test
  void anOlderRadosgwIsKnownByItsFields() throws Exception {
    Map<String, Object> record =
        new HashMap<>(Events.record("aws:s3", "s3:ObjectCreated:Put", "b", "a+b", "e"));
    record.put("eventId", "1.2");
    assertThat(hints("s3://b", Events.records(record)))
        .containsExactly(new ChangeHint("a+b", "e", false));
  }

  @Test
  void anUnknownSenderGivesBothSpellings() throws Exception {
    String body = Events.records(Events.record("other", "ObjectCreated:Put", "b", "a+b", "e"));
    assertThat(hints("s3://b", body))
        .containsExactly(new ChangeHint("a b", "e", false), new ChangeHint("a+b", "e", false));
    String plain = Events.records(Events.record("other", "ObjectCreated:Put", "b", "50%", "e"));
    assertThat(hints("s3://b", plain)).containsExactly(new ChangeHint("50%", "e", false));
  }

  @Test
  void aDeleteHasNoVersion() throws Exception {
    assertThat(hints("s3://b", Events.removed("b", "x"))).containsExactly(ChangeHint.at("x"));
    String marker =
        Events.records(Events.record("aws:s3", "ObjectRemoved:DeleteMarkerCreated", "b", "x", "e"));
    assertThat(hints("s3://b", marker)).containsExactly(ChangeHint.at("x"));
  }

  @Test
  void aDirectoryMarkerHintsAtTheDirectory() throws Exception {
    assertThat(hints("s3://b/p", Events.created("b", "p/d/", "e")))
        .containsExactly(ChangeHint.at("d"));
    assertThat(hints("s3://b/p", Events.created("b", "p/", "e")))
        .containsExactly(ChangeHint.at(""));
  }

  @Test
  void whatIsElsewhereIsLeftOut() throws Exception {
    assertThat(hints("s3://b/p", Events.created("c", "p/x", "e"))).isEmpty();
    assertThat(hints("s3://b/p", Events.created("b", "px", "e"))).isEmpty();
    assertThat(hints("s3://b/p", Events.created("b", "q/x", "e"))).isEmpty();
    assertThat(hints("s3://b/p%20q", Events.created("b", "p q/x", "e")))
        .containsExactly(new ChangeHint("x", "e", false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"p//x", "p/../x", "p/.", "p/a\u0000b", "p/x//"})
  void whatHasNoNameIsLeftOut(String key) throws Exception {
    assertThat(hints("s3://b/p", Events.created("b", key, "e"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"s3:ObjectAccessed:Get", "ObjectTagging:Put", "ObjectAcl:Put", "s3:TestEvent"})
  void whatChangesNoContentIsLeftOut(String event) throws Exception {
    assertThat(hints("s3://b", Events.records(Events.record("aws:s3", event, "b", "x", "e"))))
        .isEmpty();
  }

  @Test
  void whatIsNotKnownToLeaveContentAloneIsAHint() throws Exception {
    String body =
        Events.records(Events.record("aws:s3", "LifecycleExpiration:Delete", "b", "x", "e"));
    assertThat(hints("s3://b", body)).containsExactly(ChangeHint.at("x"));
  }

  @Test
  void aQueueHasMessagesOfTopics() throws Exception {
    assertThat(hints("s3://b", Events.sns(Events.created("b", "x", "e"))))
        .containsExactly(new ChangeHint("x", "e", false));
    assertThat(hints("s3://b", Events.sns(bridged("Object Created", "b", "x"))))
        .containsExactly(new ChangeHint("x", "e", false));
  }

  @Test
  void theEventBridgeDoesNotEncode() throws Exception {
    assertThat(hints("s3://b", bridged("Object Created", "b", "a+b%20")))
        .containsExactly(new ChangeHint("a+b%20", "e", false));
    assertThat(hints("s3://b", bridged("Object Deleted", "b", "x")))
        .containsExactly(ChangeHint.at("x"));
    assertThat(hints("s3://b", bridged("Object Tags Added", "b", "x"))).isEmpty();
  }

  @Test
  void whatTellsOfNothingIsNoFailure() throws Exception {
    assertThat(
            hints("s3://b", Events.json(Map.of("Service", "Amazon S3", "Event", "s3:TestEvent"))))
        .isEmpty();
    assertThat(
            hints(
                "s3://b",
                Events.json(
                    Map.of("Type", "SubscriptionConfirmation", "Message", "You have chosen"))))
        .isEmpty();
    assertThat(hints("s3://b", Events.json(Map.of("Records", List.of(Map.of("ses", Map.of()))))))
        .isEmpty();
    assertThat(hints("s3://b", Events.json(Map.of("Records", List.of())))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no",
        "{",
        "[]",
        "7",
        "null",
        "{}",
        "{\"Records\":[1]}",
        "{\"Records\":[{}]}",
        "{\"Records\":{}}",
        "{\"Records\":[{\"s3\":{\"bucket\":{\"name\":\"b\"}}}]}",
        "{\"Records\":[{\"s3\":{\"bucket\":{},\"object\":{\"key\":\"x\"}}}]}",
        "{\"Records\":[{\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"\"}}}]}",
        "{\"Records\":[]} x",
        "{\"Message\":\"no\"}",
        "{\"Message\":\"{}\"}"
      })
  void whatCannotBeUnderstoodIsSaid(String body) {
    assertThatThrownBy(() -> hints("s3://b", body))
        .isInstanceOf(CurvineException.class)
        .hasMessageStartingWith("a message could not be read: ")
        .extracting(e -> ((CurvineException) e).code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void aMessageInMessagesWithoutEndIsRefused() {
    String body = Events.created("b", "x", "e");
    for (int i = 0; i < 5; i++) {
      body = Events.sns(body);
    }
    String wrapped = body;
    assertThatThrownBy(() -> hints("s3://b", wrapped)).isInstanceOf(CurvineException.class);
  }

  @Test
  void aTimeThatCannotBeReadIsNone() throws Exception {
    String body = Events.created("b", "x", "e").replace(Events.TIME, "yesterday");
    assertThat(read("s3://b", body).newestMillis()).isZero();
    assertThat(read("s3://b", body).hints()).hasSize(1);
  }

  @Test
  void aLocationWithoutABucketIsRefused() {
    assertThatThrownBy(() -> BucketNotifications.of(URI.create("s3:///x")))
        .hasMessage("ufs uri is s3:///x; allowed: s3://bucket/prefix");
  }

  private static String bridged(String type, String bucket, String key) {
    return Events.json(
        Map.of(
            "source",
            "aws.s3",
            "detail-type",
            type,
            "time",
            "2026-11-27T10:15:30Z",
            "detail",
            Map.of("bucket", Map.of("name", bucket), "object", Map.of("key", key, "etag", "e"))));
  }

  private static List<ChangeHint> hints(String location, String body) throws CurvineException {
    return read(location, body).hints();
  }

  private static Notification read(String location, String body) throws CurvineException {
    return BucketNotifications.of(URI.create(location)).read(body.getBytes(UTF_8));
  }
}
