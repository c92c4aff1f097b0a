/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.ComparePasts;
import io.curvine.protocol.proto.ComparisonPage;
import io.curvine.protocol.proto.Difference;
import io.curvine.protocol.proto.LookBack;
import io.curvine.protocol.proto.LookBackReply;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** What is different in two states, by path, a page at a time. For one thread. */
public final class Differences {
  private final LookBackCalls calls;
  private final PastListener listener;
  private final ComparePasts.Builder question;
  private boolean finished;

  Differences(
      LookBackCalls calls, long fromOffset, long toOffset, ByteString path, PastListener listener) {
    this.calls = calls;
    this.listener = listener;
    this.question =
        ComparePasts.newBuilder()
            .setFromOffset(fromOffset)
            .setToOffset(toOffset)
            .setPath(path)
            .setWaitMs(LookBackCalls.stepMs())
            .setRequest(UUID.randomUUID().toString());
  }

  /**
   * The next ones, however long that takes.
   *
   * @throws io.curvine.protocol.CurvineException UNSUPPORTED where there are too many
   */
  public List<Difference> next() throws IOException {
    while (true) {
      LookBackReply reply = calls.askInSteps(LookBack.newBuilder().setComparePasts(question));
      if (reply.hasPastState()) {
        calls.open(question.getFromOffset(), listener);
        calls.open(question.getToOffset(), listener);
      } else if (reply.getComparison().getFinished()) {
        ComparisonPage page = reply.getComparison();
        question.setSkip(question.getSkip() + page.getDifferencesCount());
        finished = !page.getMore();
        return page.getDifferencesList();
      }
    }
  }

  /** All were given. */
  public boolean finished() {
    return finished;
  }
}
