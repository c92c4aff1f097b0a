/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.master.command.RandomHistory;
import io.curvine.master.query.Found;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetContentSummary;
import io.curvine.protocol.proto.GetEntry;
import io.curvine.protocol.proto.GetLayout;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.ListDirectory;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.Query;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PastRightsTest {
  @TempDir Path directory;

  private static Principal user(int uid, int gid, int group) {
    return Principal.newBuilder().setUid(uid).setGid(gid).addGroups(group).build();
  }

  @ParameterizedTest
  @CsvSource({
    // The first of owner, group and others that fits decides, as in POSIX.
    "1, 9, 9, 0400, 4, true",
    "1, 2, 9, 0044, 4, false",
    "7, 2, 9, 0040, 4, true",
    "7, 9, 2, 0040, 4, true",
    "7, 9, 2, 0004, 4, false",
    "7, 9, 9, 0004, 4, true",
    "7, 9, 9, 0005, 5, true",
    "7, 9, 9, 0004, 5, false",
    "0, 9, 9, 0000, 5, true"
  })
  void areThoseOfTheMode(int uid, int gid, int group, String mode, int right, boolean may) {
    Inode inode = Inode.newBuilder().setUid(1).setGid(2).setMode(Integer.decode(mode)).build();
    assertThat(new PastRights(user(uid, gid, group)).may(inode, right)).isEqualTo(may);
  }

  private static EntryRef at(String path) {
    return EntryRef.newBuilder().setPath(ByteString.copyFromUtf8(path)).build();
  }

  private static ErrorCode ask(TestPast past, long offset, Query.Builder query) throws IOException {
    Found found =
        past.states()
            .use(offset, state -> PastQueries.find(state, query.build(), user(7, 7, 7)))
            .orElseThrow();
    return found.refused() == null ? ErrorCode.OK : found.refused().code();
  }

  @Test
  void countAsTheyWereThen() throws IOException {
    try (RandomHistory history = new RandomHistory(directory.resolve("master"), new Random(1))) {
      history.make("/open/closed");
      history.create("/open/closed/f");
      history.chmod("/open/closed/f", 0644);
      long before = history.offset();
      history.chmod("/open/closed", 0700);
      long after = history.offset();
      try (TestPast past = new TestPast(history, directory.resolve("history"))) {
        past.open(before);
        past.open(after);
        Query.Builder file =
            Query.newBuilder().setGetEntry(GetEntry.newBuilder().setAt(at("/open/closed/f")));
        Query.Builder layout =
            Query.newBuilder().setGetLayout(GetLayout.newBuilder().setAt(at("/open/closed/f")));
        Query.Builder listing =
            Query.newBuilder()
                .setListDirectory(ListDirectory.newBuilder().setAt(at("/open/closed")));
        for (Query.Builder query : new Query.Builder[] {file, layout, listing}) {
          assertThat(ask(past, before, query)).isEqualTo(ErrorCode.OK);
          assertThat(ask(past, after, query)).isEqualTo(ErrorCode.PERMISSION_DENIED);
        }
        Query.Builder summary =
            Query.newBuilder()
                .setGetContentSummary(GetContentSummary.newBuilder().setAt(at("/open")));
        assertThat(ask(past, before, summary)).isEqualTo(ErrorCode.UNSUPPORTED);
      }
    }
  }

  /** A file may be reached by several ways; the one that is asked for is what counts. */
  @Test
  void areThoseOfTheWayThatIsWalked() throws IOException {
    try (RandomHistory history = new RandomHistory(directory.resolve("master"), new Random(1))) {
      history.make("/closed");
      history.make("/open/below");
      history.create("/closed/first");
      history.chmod("/closed/first", 0644);
      history.link("/closed/first", "/open/second");
      history.create("/open/below/f");
      history.chmod("/open/below/f", 0644);
      history.symlink("/closed/to-open", "/open/below");
      history.symlink("/open/to-closed", "/closed");
      history.symlink("/open/to-below", "below");
      history.chmod("/closed", 0700);
      long offset = history.offset();
      try (TestPast past = new TestPast(history, directory.resolve("history"))) {
        past.open(offset);
        assertThat(ask(past, offset, entry("/open/second"))).isEqualTo(ErrorCode.OK);
        assertThat(ask(past, offset, entry("/open/to-below/f"))).isEqualTo(ErrorCode.OK);
        for (String path :
            new String[] {
              "/closed/first",
              "/closed/to-open/f",
              "/closed/absent",
              "/open/to-closed/first",
              "/closed/../open/second"
            }) {
          assertThat(ask(past, offset, entry(path)))
              .as(path)
              .isEqualTo(ErrorCode.PERMISSION_DENIED);
        }
        assertThat(ask(past, offset, entry("/closed"))).isEqualTo(ErrorCode.OK);
      }
    }
  }

  private static Query.Builder entry(String path) {
    return Query.newBuilder().setGetEntry(GetEntry.newBuilder().setAt(at(path)).setFollow(true));
  }
}
