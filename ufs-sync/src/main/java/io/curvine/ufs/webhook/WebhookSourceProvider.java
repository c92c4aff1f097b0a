/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.webhook;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.change.ChangeSourceProvider;
import io.curvine.ufs.change.SourceOptions;
import io.curvine.ufs.notify.BucketNotifications;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Opens {@code webhook}: notifications that an object store sends to the masters over HTTP. */
public final class WebhookSourceProvider implements ChangeSourceProvider {
  /** What the source is called. */
  public static final String KIND = "webhook";

  private static final String TOKEN = "webhook.token";
  private static final String QUEUE = "webhook.queue";
  private static final int TOKEN_MIN_CHARACTERS = 16;
  private static final int QUEUE_DEFAULT = 10_000;
  private static final int QUEUE_MAX = 1_000_000;

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Set<String> schemes() {
    return BucketNotifications.SCHEMES;
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> docs = new LinkedHashMap<>();
    docs.put(
        TOKEN,
        "Secret that senders have to know, of at least "
            + TOKEN_MIN_CHARACTERS
            + " characters. Required.");
    docs.put(
        QUEUE,
        "Notifications that may wait to have their effect before more are refused, 1 to "
            + QUEUE_MAX
            + ". Default: "
            + QUEUE_DEFAULT
            + ".");
    return docs;
  }

  @Override
  public Set<String> secretOptions() {
    return Set.of(TOKEN);
  }

  /**
   * @param cursor says nothing: what was not confirmed is sent again
   */
  @Override
  public WebhookSource open(URI location, Map<String, String> given, Optional<String> cursor)
      throws IOException {
    SourceOptions options = new SourceOptions(given);
    String token = options.required(TOKEN);
    if (token.length() < TOKEN_MIN_CHARACTERS) {
      // Not its value: it is a secret, though a short one.
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          TOKEN
              + " has "
              + token.length()
              + " characters; allowed: "
              + TOKEN_MIN_CHARACTERS
              + " or more");
    }
    return new WebhookSource(
        token,
        options.number(QUEUE, QUEUE_DEFAULT, 1, QUEUE_MAX),
        BucketNotifications.of(location));
  }
}
