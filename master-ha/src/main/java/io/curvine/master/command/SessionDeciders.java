/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.master.state.Counter;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.proto.CloseSession;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.OpenSession;
import io.curvine.protocol.proto.SessionClosed;
import io.curvine.protocol.proto.SessionOpened;

/** Commands of sessions. */
final class SessionDeciders {
  private static final int CLIENT_NAME_MAX_CHARS = 255;

  private SessionDeciders() {}

  static void open(OpenSession command, Context context) throws Refused {
    if (command.getClientName().length() > CLIENT_NAME_MAX_CHARS) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "client name has "
              + command.getClientName().length()
              + " characters; allowed: up to "
              + CLIENT_NAME_MAX_CHARS);
    }
    long id = context.meta().get(Counter.LAST_SESSION) + 1;
    context.emit(
        Event.newBuilder()
            .setSessionOpened(
                SessionOpened.newBuilder()
                    .setSessionId(id)
                    .setClientName(command.getClientName())));
    context.result().setSessionId(id).setClusterId(context.meta().clusterId());
  }

  /** Ends a session; what it was writing is exported as far as it was published. */
  static void close(CloseSession command, Context context) {
    long id = command.getSessionId();
    if (!context.sessions().exists(id)) {
      return;
    }
    SessionClosed.Builder closed =
        SessionClosed.newBuilder().setSessionId(id).setExpired(command.getExpired());
    closed.addAllLeases(context.sessions().leases(id));
    context.emit(Event.newBuilder().setSessionClosed(closed));
    for (long inode : closed.getLeasesList()) {
      Exports.exportIfNewer(context.namespace().require(inode), context);
    }
  }
}
