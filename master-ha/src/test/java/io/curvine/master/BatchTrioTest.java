/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandBatch;
import io.curvine.protocol.proto.CommandBatchReply;
import io.curvine.protocol.proto.CommandReply;
import io.curvine.protocol.proto.CreateFile;
import io.curvine.protocol.proto.DeleteEntry;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FetchEvents;
import io.curvine.protocol.proto.MakeDirectory;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many commands in one request to three masters, asked again there and at a new leader. */
@Timeout(120)
class BatchTrioTest {
  private static final int COUNT = Limits.BATCH_MAX_COMMANDS;

  @TempDir Path directory;

  private static CommandBatch.Builder batch(long session, long first) {
    return CommandBatch.newBuilder().setSessionId(session).setFirstSeq(first).setAckedBelow(1);
  }

  private static Command createEmpty(String path) {
    return Command.newBuilder()
        .setCreateFile(CreateFile.newBuilder().setAt(Trio.at(path)).setMode(0644).setComplete(true))
        .build();
  }

  private static Command mkdir(String path) {
    return Command.newBuilder()
        .setMakeDirectory(MakeDirectory.newBuilder().setAt(Trio.at(path)).setMode(0755))
        .build();
  }

  private static Command delete(String path) {
    return Command.newBuilder()
        .setDeleteEntry(DeleteEntry.newBuilder().setAt(Trio.at(path)))
        .build();
  }

  private static CommandBatchReply ask(Trio trio, CommandBatch.Builder batch) {
    MasterResponse response = trio.call(MasterRequest.newBuilder().setCommandBatch(batch).build());
    assertThat(response.getCode()).as(response.getMessage()).isEqualTo(ErrorCode.OK);
    return response.getCommandBatch();
  }

  private static long nextOffset(Trio trio) {
    MasterResponse events =
        trio.ask(
            trio.leader(),
            MasterRequest.newBuilder()
                .setFetchEvents(FetchEvents.newBuilder().setMaxBytes(1))
                .build());
    assertThat(events.getCode()).as(events.getMessage()).isEqualTo(ErrorCode.OK);
    return events.getFetchEvents().getNextOffset();
  }

  @Test
  void aThousandAreDoneOnceHoweverOftenTheyAreAskedFor() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      CommandBatch.Builder creates = batch(trio.openSession(), 1);
      for (int i = 0; i < COUNT; i++) {
        creates.addCommands(createEmpty("/f" + i));
      }
      CommandBatchReply first = ask(trio, creates);
      assertThat(first.getRepliesList())
          .hasSize(COUNT)
          .allMatch(reply -> reply.getCode() == ErrorCode.OK)
          .allMatch(reply -> !reply.getResult().getInode().hasLease());
      assertThat(first.getRepliesList())
          .extracting(reply -> reply.getResult().getInode().getId())
          .doesNotHaveDuplicates();
      assertThat(first.getRepliesList())
          .as("decided in their order")
          .extracting(reply -> reply.getResult().getOffset())
          .isSorted();

      long offset = nextOffset(trio);
      assertThat(ask(trio, creates)).isEqualTo(first);
      assertThat(nextOffset(trio)).isEqualTo(offset);

      trio.stop(trio.leader());
      trio.leader();
      assertThat(ask(trio, creates)).as("by another leader").isEqualTo(first);
      assertThat(trio.exists("/f0")).isTrue();
      assertThat(trio.exists("/f" + (COUNT - 1))).isTrue();
    }
  }

  @Test
  void oneThatIsRefusedDoesNotKeepTheOthers() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      CommandBatch.Builder mixed =
          batch(session, 1)
              .addCommands(mkdir("/d"))
              .addCommands(createEmpty("/d/f"))
              .addCommands(createEmpty("/d/f"))
              .addCommands(delete("/none"))
              .addCommands(delete("/d"))
              .addCommands(delete("/d/f"))
              .addCommands(delete("/d"));
      CommandBatchReply replies = ask(trio, mixed);
      assertThat(replies.getRepliesList())
          .extracting(CommandReply::getCode)
          .containsExactly(
              ErrorCode.OK,
              ErrorCode.OK,
              ErrorCode.ALREADY_EXISTS,
              ErrorCode.NOT_FOUND,
              ErrorCode.NOT_EMPTY,
              ErrorCode.OK,
              ErrorCode.OK);
      assertThat(replies.getReplies(3).getMessage()).contains("/none");
      CommandBatchReply again = ask(trio, mixed);
      for (int done : List.of(0, 1, 5, 6)) {
        assertThat(again.getReplies(done)).isEqualTo(replies.getReplies(done));
      }
      // A refusal is not recorded: by the state as it is now.
      for (int refused : List.of(2, 3, 4)) {
        assertThat(again.getReplies(refused).getCode()).isEqualTo(ErrorCode.NOT_FOUND);
      }
      assertThat(trio.exists("/d")).isFalse();
      assertThat(ask(trio, batch(session, 8).addCommands(mkdir("/d"))).getReplies(0).getCode())
          .isEqualTo(ErrorCode.OK);
    }
  }
}
