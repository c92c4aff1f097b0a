/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.FetchHistory;
import io.curvine.protocol.proto.FormerEntry;
import io.curvine.protocol.proto.HistoryPage;
import io.curvine.protocol.proto.LookBack;
import io.curvine.protocol.proto.Moment;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What happened to an entry, newest first, a page at a time. It follows renames of the entry and of
 * what it was in, and goes on over failovers. For one thread.
 */
public final class History {
  private final LookBackCalls calls;
  private final FetchHistory.Builder question;
  private HistoryPage page = HistoryPage.getDefaultInstance();

  History(
      LookBackCalls calls, ByteString path, Optional<Moment> from, Optional<Moment> to, int limit) {
    this.calls = calls;
    this.question =
        FetchHistory.newBuilder()
            .setPath(path)
            .setLimit(limit)
            .setRequest(UUID.randomUUID().toString());
    from.ifPresent(question::setFrom);
    to.ifPresent(question::setTo);
  }

  /**
   * The next changes. There may be none in a page that is not the last.
   *
   * @return newest first
   * @throws io.curvine.protocol.CurvineException NOT_FOUND where nothing has or had the name, as
   *     far as the journal is kept; PERMISSION_DENIED
   */
  public List<Change> next() throws IOException {
    question.setBeforeOffset(page.getNextBefore());
    page = calls.askInSteps(LookBack.newBuilder().setFetchHistory(question)).getHistory();
    return page.getChangesList();
  }

  /** Nothing older is there. */
  public boolean finished() {
    return page.getFinished();
  }

  /** Of the entry; 0: it is still being searched for. */
  public long inode() {
    return page.getInode();
  }

  /** Where it is, or was when it went; known once the inode is. */
  public ByteString lastPath() {
    return page.getLastPath();
  }

  /** The event that took it away; 0: none did. */
  public long goneOffset() {
    return page.getGoneOffset();
  }

  /** The oldest event that the journal has. */
  public long startOffset() {
    return page.getStartOffset();
  }

  /** Others that had the name before; known when it is finished. */
  public List<FormerEntry> others() {
    return page.getOthersList();
  }
}
