/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.notify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsPaths;
import io.curvine.ufs.change.ChangeHint;
import java.net.URI;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever comes is read or refused. Without {@code JAZZER_FUZZ=1} the fuzzer runs the inputs
 * beside it; the random tests always run.
 */
class BucketNotificationsFuzzTest {
  private static final int ROUNDS = 20_000;
  private static final String ODD = "aä/+% .%2F\"\\\u0000\uD83D\uDE00&=";

  private static final BucketNotifications NOTIFICATIONS = open();

  private static BucketNotifications open() {
    try {
      return BucketNotifications.of(URI.create("s3://b/p"));
    } catch (CurvineException e) {
      throw new AssertionError(e);
    }
  }

  @FuzzTest(maxDuration = "1m")
  void anyBytes(byte[] bytes) throws CurvineException {
    check(bytes);
  }

  @FuzzTest(maxDuration = "1m")
  void anyKey(FuzzedDataProvider data) throws CurvineException {
    check(
        Events.records(
                Events.record(
                    data.pickValue(new String[] {"aws:s3", "minio:s3", "ceph:s3", ""}),
                    "ObjectCreated:Put",
                    "b",
                    "p/" + data.consumeString(100),
                    data.consumeRemainingAsString()))
            .getBytes(UTF_8));
  }

  @Test
  void aChangedMessageIsReadOrRefused() throws CurvineException {
    Random random = seeded();
    byte[] good = Events.sns(Events.created("b", "p/x y", "e")).getBytes(UTF_8);
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = good.clone();
      for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      check(bytes);
    }
  }

  @Test
  void aKeyOfEachSenderIsFoundAgain() throws CurvineException {
    Random random = seeded();
    for (int i = 0; i < ROUNDS; i++) {
      String path = path(random);
      String key = "p/" + path;
      boolean plain = random.nextBoolean();
      String body =
          Events.records(
              Events.record(
                  plain ? "ceph:s3" : "aws:s3",
                  "ObjectCreated:Put",
                  "b",
                  plain ? key : Events.encoded(key),
                  "e"));
      String unknown = body.replace("ceph:s3", "other").replace("aws:s3", "other");
      ChangeHint wanted = new ChangeHint(path, "e", false);
      assertThat(NOTIFICATIONS.read(body.getBytes(UTF_8)).hints()).containsExactly(wanted);
      assertThat(NOTIFICATIONS.read(unknown.getBytes(UTF_8)).hints()).contains(wanted);
    }
  }

  private static String path(Random random) {
    while (true) {
      StringBuilder path = new StringBuilder();
      int[] letters = ODD.codePoints().toArray();
      for (int left = random.nextInt(1, 20); left > 0; left--) {
        path.appendCodePoint(letters[random.nextInt(letters.length)]);
      }
      try {
        UfsPaths.check(path.toString());
        return path.toString();
      } catch (CurvineException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
      }
    }
  }

  private static void check(byte[] body) throws CurvineException {
    try {
      for (ChangeHint hint : NOTIFICATIONS.read(body).hints()) {
        UfsPaths.check(hint.path());
      }
    } catch (CurvineException e) {
      if (!e.getMessage().startsWith("a message could not be read: ")) {
        throw e;
      }
    }
  }

  private static Random seeded() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    return new Random(seed);
  }
}
