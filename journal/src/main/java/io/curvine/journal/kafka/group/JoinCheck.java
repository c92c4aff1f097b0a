/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import io.curvine.journal.kafka.group.JoinRequest.Protocol;
import io.curvine.protocol.Limits;
import org.apache.kafka.common.protocol.Errors;

/** What is wrong with a request whatever the group is like. */
final class JoinCheck {
  private JoinCheck() {}

  static Errors wrong(String group, JoinRequest request) {
    if (!isName(group)) {
      return Errors.INVALID_GROUP_ID;
    }
    int session = request.timeouts().sessionMs();
    if (session < GroupLimits.SESSION_TIMEOUT_MIN_MS
        || session > GroupLimits.SESSION_TIMEOUT_MAX_MS) {
      return Errors.INVALID_SESSION_TIMEOUT;
    }
    boolean fits =
        request.subscriptionBytes() <= GroupLimits.SUBSCRIPTION_MAX_BYTES
            && isShort(request.member().instanceId())
            && isShort(request.client().id())
            && isShort(request.protocolType())
            && request.protocols().stream().map(Protocol::name).allMatch(JoinCheck::isShort);
    return fits ? Errors.NONE : Errors.INVALID_REQUEST;
  }

  /** A NUL would end the name inside of a key. */
  static boolean isName(String group) {
    return !group.isEmpty()
        && group.length() <= Limits.GROUP_NAME_MAX_CHARS
        && group.indexOf(0) < 0;
  }

  private static boolean isShort(String text) {
    return text.length() <= GroupLimits.TEXT_MAX_CHARS;
  }
}
