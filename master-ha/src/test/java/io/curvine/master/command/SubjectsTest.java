/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.ChildRef;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.CommittedBlock;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.RenameEntry;
import io.curvine.protocol.proto.SetAttributes;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an event says of its entry, beside the names that the random test compares. */
final class SubjectsTest extends CoreTest {
  /** The events of one command. */
  private List<Event> events(Command.Builder command) throws IOException {
    long from = core.applier().nextOffset();
    core.accepted(command);
    return core.journal().read(from, 1 << 20).events();
  }

  private static String path(Event event) {
    return event.getSubject().getPath().toStringUtf8();
  }

  private static Command.Builder chmod(long inode) {
    return Command.newBuilder()
        .setSetAttributes(
            SetAttributes.newBuilder().setAt(EntryRef.newBuilder().setInode(inode)).setMode(0600));
  }

  private static EntryRef child(long parent, String name) {
    return EntryRef.newBuilder()
        .setChild(ChildRef.newBuilder().setParent(parent).setName(ByteString.copyFromUtf8(name)))
        .build();
  }

  @Test
  void contentHasItsVersionAndLengthAfterTheEvent() throws IOException {
    core.accepted(Ask.mkdirs("/a/b"));
    Event created = events(Ask.create("/a/b/f")).get(0);
    assertThat(path(created)).isEqualTo("/a/b/f");
    assertThat(created.getSubject().getType()).isEqualTo(InodeType.FILE);
    long inode = created.getFileCreated().getInode().getId();
    long version = created.getFileCreated().getInode().getVersion();
    Command.Builder commit = Ask.commit(inode, version, 12, true);
    commit.getCommitFileBuilder().addBlocks(CommittedBlock.newBuilder().setLengthBytes(12));
    Event committed = events(commit).get(0);
    assertThat(path(committed)).isEqualTo("/a/b/f");
    assertThat(committed.getSubject().getLengthBytes()).isEqualTo(12);
    assertThat(committed.getSubject().getVersion())
        .isEqualTo(committed.getFileCommitted().getVersion());
    Event opened = events(Ask.open("/a/b/f", true)).get(0);
    assertThat(opened.getSubject().getLengthBytes()).isZero();
  }

  @Test
  void aFileWhosePrimaryNameWasDeletedWithATreeHasItsOtherName() throws IOException {
    core.accepted(Ask.mkdirs("/d/e"));
    core.accepted(Ask.create("/d/e/f"));
    core.accepted(Ask.link("/d/e/f", "/b"));
    long inode = core.at("/b").getId();
    assertThat(path(events(chmod(inode)).get(0))).isEqualTo("/d/e/f");
    core.accepted(Ask.deleteTree("/d"));
    assertThat(path(events(chmod(inode)).get(0))).isEqualTo("/b");
  }

  @Test
  void anEntryOfADeletedTreeHasNone() throws IOException {
    core.accepted(Ask.mkdirs("/d/e"));
    CommandResult made = core.accepted(Ask.create("/d/e/f"));
    core.accepted(Ask.deleteTree("/d"));
    assertThat(events(chmod(made.getInode().getId())).get(0).hasSubject()).isFalse();
  }

  @Test
  void nothingMovesIntoADeletedTreeOrOutOfIt() {
    core.accepted(Ask.mkdirs("/p/d/e"));
    core.accepted(Ask.mkdir("/live"));
    long e = core.at("/p/d/e").getId();
    long d = core.at("/p/d").getId();
    core.accepted(Ask.deleteTree("/p/d"));
    core.accepted(Ask.rmdir("/p"));
    assertThat(
            core.refused(
                    Command.newBuilder()
                        .setRenameEntry(
                            RenameEntry.newBuilder()
                                .setFrom(Core.ref("/live"))
                                .setTo(child(e, "in"))))
                .code())
        .isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(
            core.refused(
                    Command.newBuilder()
                        .setRenameEntry(
                            RenameEntry.newBuilder()
                                .setFrom(child(d, "e"))
                                .setTo(Core.ref("/out"))))
                .code())
        .isEqualTo(ErrorCode.NOT_FOUND);
  }
}
