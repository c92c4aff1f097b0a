/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.SetAttributes;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Times of modification and of change, as publications and truncations leave them. */
final class FileTimesTest extends CoreTest {
  private static Command.Builder commit(CommandResult opened, long length, long timeNanos) {
    Command.Builder commit =
        Ask.commit(opened.getInode().getId(), opened.getWriteVersion(), length, false);
    commit.getCommitFileBuilder().setMtimeNanos(timeNanos).setCtimeNanos(timeNanos);
    return commit;
  }

  private static Command.Builder close(CommandResult opened, long length) {
    Command.Builder close =
        Ask.commit(opened.getInode().getId(), opened.getWriteVersion(), length, true);
    close.getCommitFileBuilder().clearBlocks();
    return close;
  }

  private void pass() {
    core.pass(Duration.ofSeconds(1));
  }

  @Test
  void aCommitHasTheTimesThatItsWriterSaw() throws IOException {
    CommandResult made = core.accepted(Ask.create("/f"));
    pass();
    long written = core.nowNanos();
    pass();
    core.accepted(commit(made, 10, written));
    assertThat(core.at("/f").getMtimeNanos()).isEqualTo(written);
    assertThat(core.at("/f").getCtimeNanos()).isEqualTo(written);
    core.restart();
    assertThat(core.at("/f").getCtimeNanos()).isEqualTo(written);
  }

  @Test
  void aCommitDoesNotTakeTheTimeOfChangeBack() {
    CommandResult made = core.accepted(Ask.create("/f"));
    long written = core.nowNanos();
    pass();
    core.accepted(
        Command.newBuilder()
            .setSetAttributes(SetAttributes.newBuilder().setAt(Core.ref("/f")).setMode(0600)));
    long changed = core.at("/f").getCtimeNanos();
    assertThat(changed).isGreaterThan(written);
    pass();
    core.accepted(commit(made, 10, written));
    assertThat(core.at("/f").getMtimeNanos()).isEqualTo(written);
    assertThat(core.at("/f").getCtimeNanos()).isEqualTo(changed);
  }

  @Test
  void aCommitWithoutTimesHasThatOfTheLeader() {
    CommandResult made = core.accepted(Ask.create("/f"));
    long created = core.at("/f").getCtimeNanos();
    pass();
    core.accepted(commit(made, 10, 0));
    assertThat(core.at("/f").getMtimeNanos()).isGreaterThan(created);
    assertThat(core.at("/f").getCtimeNanos()).isGreaterThan(created);
  }

  @Test
  void aCloseThatChangesNothingLeavesTheTimes() {
    CommandResult made = core.accepted(Ask.create("/f"));
    core.accepted(commit(made, 10, 0));
    Inode before = core.at("/f");
    pass();
    core.accepted(close(made, 10));
    assertThat(core.at("/f")).isEqualTo(before.toBuilder().clearLease().build());
  }

  @Test
  void onlyTheTimesMayBeCommitted() {
    CommandResult made = core.accepted(Ask.create("/f"));
    Inode before = core.at("/f");
    pass();
    long written = core.nowNanos();
    core.accepted(commit(made, 0, written));
    assertThat(core.at("/f"))
        .isEqualTo(before.toBuilder().setMtimeNanos(written).setCtimeNanos(written).build());
  }

  @Test
  void aTruncationToTheLengthThatThereIsMovesTheTimes() {
    CommandResult made = core.accepted(Ask.create("/f"));
    core.accepted(commit(made, 10, 0));
    core.accepted(close(made, 10));
    Inode before = core.at("/f");
    pass();
    core.accepted(Ask.truncate("/f", 10));
    Inode after = core.at("/f");
    assertThat(after.getMtimeNanos()).isGreaterThan(before.getMtimeNanos());
    assertThat(after.getCtimeNanos()).isGreaterThan(before.getCtimeNanos());
    assertThat(after.getVersion()).isEqualTo(before.getVersion());
  }
}
