/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.OpenSession;
import io.curvine.protocol.proto.ReapSubtree;
import io.curvine.protocol.proto.SetAttributes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NamespaceCommandsTest extends CoreTest {
  private void assertRefused(ErrorCode code, Command.Builder command) {
    Decision.Refused refused = core.refused(command);
    assertThat(refused.code()).as(refused.message()).isEqualTo(code);
    assertThat(refused.message()).isNotBlank();
  }

  @Test
  void aCompleteFileIsHeldByNobodyAndReplacesNothing() {
    Command.Builder create = Ask.create("/empty");
    create.getCreateFileBuilder().setExclusive(false).setComplete(true);
    core.accepted(create.clone());
    assertThat(core.at("/empty").hasLease()).isFalse();
    assertThat(core.at("/empty").getLengthBytes()).isZero();
    assertThat(core.refused(create.clone().clearSeq()).code()).isEqualTo(ErrorCode.ALREADY_EXISTS);
    core.accepted(Ask.open("/empty", false));
  }

  @Test
  void directoriesCountTheirSubdirectories() {
    core.accepted(Ask.mkdirs("/a/b/c"));
    core.accepted(Ask.mkdir("/a/d"));
    assertThat(core.at("/a").getNlink()).isEqualTo(4);
    assertThat(core.run(Ask.mkdirs("/a/b"))).isInstanceOf(Decision.Unchanged.class);
    core.accepted(Ask.rmdir("/a/d"));
    assertThat(core.at("/a").getNlink()).isEqualTo(3);
  }

  @Test
  void badPlacesAreRefusedAndChangeNothing() {
    core.accepted(Ask.mkdirs("/d/sub"));
    core.accepted(Ask.create("/f"));
    assertRefused(ErrorCode.NOT_FOUND, Ask.mkdir("/no/x"));
    assertRefused(ErrorCode.ALREADY_EXISTS, Ask.mkdir("/d"));
    assertRefused(ErrorCode.NOT_A_DIRECTORY, Ask.mkdir("/f/x"));
    assertRefused(ErrorCode.NAME_TOO_LONG, Ask.mkdir("/" + "n".repeat(256)));
    assertRefused(ErrorCode.NAME_TOO_LONG, Ask.mkdir("/x".repeat(2100)));
    assertRefused(ErrorCode.NOT_EMPTY, Ask.rmdir("/d"));
    assertRefused(ErrorCode.NOT_A_DIRECTORY, Ask.rmdir("/f"));
    assertRefused(ErrorCode.IS_A_DIRECTORY, Ask.unlink("/d"));
    assertRefused(ErrorCode.NOT_FOUND, Ask.unlink("/gone"));
    assertRefused(ErrorCode.INVALID_ARGUMENT, Ask.rename("/d", "/d/sub/x"));
    assertRefused(ErrorCode.INVALID_ARGUMENT, Ask.rename("/d", "/d/x"));
    assertRefused(ErrorCode.INVALID_ARGUMENT, Ask.deleteTree("/"));
    assertRefused(ErrorCode.IS_A_DIRECTORY, Ask.open("/d", false));
    assertRefused(ErrorCode.FILE_BUSY, Ask.open("/f", false));
    assertRefused(ErrorCode.IS_A_DIRECTORY, Ask.link("/d", "/e"));
  }

  @Test
  void renameReplacesAsPosixSays() {
    core.accepted(Ask.mkdirs("/d/full"));
    core.accepted(Ask.mkdir("/empty"));
    core.accepted(Ask.create("/f"));
    core.accepted(Ask.create("/g"));
    assertRefused(ErrorCode.IS_A_DIRECTORY, Ask.rename("/f", "/d"));
    assertRefused(ErrorCode.NOT_A_DIRECTORY, Ask.rename("/d", "/f"));
    assertRefused(ErrorCode.NOT_EMPTY, Ask.rename("/empty", "/d"));
    long f = core.at("/f").getId();
    core.accepted(Ask.rename("/f", "/g"));
    assertThat(core.at("/g").getId()).isEqualTo(f);
    core.accepted(Ask.rename("/d", "/empty"));
    assertThat(core.at("/empty/full").getParent()).isEqualTo(core.at("/empty").getId());
    assertThat(core.at("/").getNlink()).isEqualTo(3);
    Command.Builder noReplace = Ask.rename("/g", "/empty");
    noReplace.getRenameEntryBuilder().setNoReplace(true);
    assertRefused(ErrorCode.ALREADY_EXISTS, noReplace);
  }

  @Test
  void hardLinksShareAnInodeUntilTheLastGoes() {
    core.accepted(Ask.create("/a"));
    core.accepted(Ask.mkdir("/d"));
    core.accepted(Ask.link("/a", "/d/b"));
    long id = core.at("/a").getId();
    assertThat(core.at("/d/b").getId()).isEqualTo(id);
    assertThat(core.at("/a").getNlink()).isEqualTo(2);
    assertThat(core.run(Ask.rename("/a", "/d/b"))).isInstanceOf(Decision.Unchanged.class);
    core.accepted(Ask.unlink("/a"));
    Inode left = core.at("/d/b");
    assertThat(left.getNlink()).isEqualTo(1);
    assertThat(left.getName().toStringUtf8()).isEqualTo("b");
    assertThat(left.getParent()).isEqualTo(core.at("/d").getId());
    core.accepted(Ask.unlink("/d/b"));
    assertThat(core.view().namespace().find(id)).isNull();
  }

  @Test
  void symbolicLinksAreFollowedOnTheWay() {
    core.accepted(Ask.mkdirs("/real/sub"));
    core.accepted(Ask.symlink("/short", "real/sub"));
    core.accepted(Ask.create("/short/f"));
    assertThat(core.at("/real/sub/f").getId()).isEqualTo(core.at("/short/../sub/f").getId());
    core.accepted(Ask.symlink("/loop", "/loop"));
    assertRefused(ErrorCode.TOO_MANY_SYMLINKS, Ask.create("/loop/x"));
  }

  private static EntryRef inode(long number) {
    return EntryRef.newBuilder().setInode(number).build();
  }

  @Test
  void aLinkThatIsNamedByItsInodeIsMeantItself() {
    core.accepted(Ask.create("/f"));
    long link = core.accepted(Ask.symlink("/link", "f")).getInode().getId();
    long broken = core.accepted(Ask.symlink("/broken", "missing")).getInode().getId();
    for (EntryRef at : List.of(Core.ref("/link"), inode(link), inode(broken))) {
      core.accepted(
          Command.newBuilder().setSetAttributes(SetAttributes.newBuilder().setAt(at).setUid(7)));
    }
    assertThat(core.at("/f").getUid()).isEqualTo(7);
    assertThat(core.view().namespace().find(link).getUid()).isEqualTo(7);
    assertThat(core.view().namespace().find(broken).getUid()).isEqualTo(7);
  }

  @Test
  void aTreeGoesAtOnceAndIsReapedInSteps() {
    core.accepted(Ask.mkdirs("/t/a/b"));
    for (int i = 0; i < 25; i++) {
      core.accepted(Ask.create("/t/a/f" + i));
    }
    core.accepted(Ask.link("/t/a/f0", "/keep"));
    core.accepted(Ask.deleteTree("/t"));
    core.accepted(Ask.mkdir("/t"));
    int steps = 0;
    boolean more = true;
    while (more) {
      CommandResult step =
          core.accepted(Command.newBuilder().setReapSubtree(ReapSubtree.newBuilder().setLimit(4)));
      more = step.getMore();
      steps++;
    }
    assertThat(steps).isGreaterThanOrEqualTo(7);
    assertThat(core.at("/keep").getNlink()).isEqualTo(1);
    assertThat(core.view().meta().get(io.curvine.master.state.Counter.INODE_COUNT))
        .as("root, /t and /keep")
        .isEqualTo(3);
  }

  @Test
  void aRetryGetsItsFirstResultAlsoAfterARestart() throws IOException {
    Command command = core.numbered(Ask.create("/once"));
    CommandResult first = core.accepted(command.toBuilder());
    assertThat(core.run(command.toBuilder())).isEqualTo(new Decision.Unchanged(first));
    core.restart();
    assertThat(core.run(command.toBuilder())).isEqualTo(new Decision.Unchanged(first));
    assertThat(core.at("/once").getId()).isEqualTo(first.getInode().getId());
  }

  @Test
  void aCommandWithoutItsSessionIsRefused() {
    assertRefused(ErrorCode.SESSION_EXPIRED, Ask.mkdir("/x").setSessionId(999).setSeq(1));
  }

  @Test
  void filesArePublishedByCommitAndCutByTruncate() {
    CommandResult made = core.accepted(Ask.create("/f"));
    long id = made.getInode().getId();
    core.accepted(Ask.commit(id, made.getWriteVersion(), 2L * Ask.MIB + 10, false));
    assertThat(core.at("/f").getLengthBytes()).isEqualTo(2L * Ask.MIB + 10);
    assertThat(core.at("/f").hasLease()).isTrue();
    core.accepted(Ask.commit(id, made.getWriteVersion(), 2L * Ask.MIB + 20, true));
    assertThat(core.at("/f").hasLease()).isFalse();
    assertRefused(ErrorCode.LEASE_LOST, Ask.commit(id, made.getWriteVersion(), 3L * Ask.MIB, true));
    core.accepted(Ask.truncate("/f", Ask.MIB + 5));
    assertThat(core.view().namespace().blocks(id, 0, Integer.MAX_VALUE)).hasSize(2);
    assertThat(core.view().namespace().block(id, 1).getLengthBytes()).isEqualTo(5);
    long before = core.at("/f").getVersion();
    CommandResult again = core.accepted(Ask.open("/f", true));
    assertThat(again.getInode().getLengthBytes()).isZero();
    assertThat(again.getInode().getVersion()).isGreaterThan(before);
    assertThat(core.view().namespace().blocks(id, 0, Integer.MAX_VALUE)).isEmpty();
  }

  @Test
  void theHolderOfALeaseIsAskedForItNowAndThen() {
    CommandResult made = core.accepted(Ask.create("/f"));
    assertThat(core.run(Ask.want("/f"))).as("its own").isInstanceOf(Decision.Unchanged.class);
    long other =
        core.accepted(
                Command.newBuilder().setOpenSession(OpenSession.newBuilder().setClientName("b")))
            .getSessionId();
    core.accepted(by(other, 1, Ask.want("/f")));
    assertThat(core.at("/f").getLease().getWantedNanos()).isPositive();
    assertThat(core.run(by(other, 2, Ask.want("/f")))).isInstanceOf(Decision.Unchanged.class);
    core.pass(Duration.ofSeconds(2));
    core.accepted(by(other, 3, Ask.want("/f")));
    core.accepted(Ask.commit(made.getInode().getId(), made.getWriteVersion(), 5, true));
    core.accepted(by(other, 4, Ask.open("/f", false)));
    assertThat(core.at("/f").getLease().getWantedNanos()).as("the new one").isZero();
    core.accepted(Ask.mkdir("/d"));
    assertRefused(ErrorCode.IS_A_DIRECTORY, Ask.want("/d"));
    assertRefused(ErrorCode.NOT_FOUND, Ask.want("/g"));
  }

  private static Command.Builder by(long session, long number, Command.Builder command) {
    return command.setSessionId(session).setSeq(number).setAckedBelow(1);
  }
}
