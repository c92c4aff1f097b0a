/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.master.state.Counter;
import io.curvine.protocol.InodeNumbers;
import io.curvine.protocol.proto.BlockRecord;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FirstContent;
import io.curvine.protocol.proto.Inode;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Files whose bytes are at workers before the masters hear of them. */
final class WrittenFilesTest extends CoreTest {
  private void assertRefused(ErrorCode code, Command command) {
    Decision.Refused refused = core.refused(command.toBuilder());
    assertThat(refused.code()).as(refused.message()).isEqualTo(code);
  }

  @Test
  void isCreatedCommittedAndClosedAtOnce() {
    long counted = core.view().meta().get(Counter.LAST_INODE);
    long inodes = core.view().meta().get(Counter.INODE_COUNT);
    Command create = core.written("/f", 1000);
    CommandResult made = core.accepted(create.toBuilder());
    Inode file = core.at("/f");
    assertThat(made.getInode()).isEqualTo(file);
    assertThat(InodeNumbers.isOfCommand(file.getId())).isTrue();
    assertThat(file.getLengthBytes()).isEqualTo(1000);
    assertThat(file.hasLease()).isFalse();
    assertThat(file.getHasBlockRecords()).isTrue();
    assertThat(file.getVersion()).isGreaterThan(InodeNumbers.WRITE_VERSION);
    assertThat(core.view().namespace().block(file.getId(), 0))
        .isEqualTo(
            BlockRecord.newBuilder()
                .setVersion(InodeNumbers.WRITE_VERSION)
                .setLengthBytes(1000)
                .addWorkerIds(1)
                .build());
    assertThat(core.view().sessions().leases(core.session())).isEmpty();
    assertThat(core.view().meta().get(Counter.LAST_INODE)).isEqualTo(counted);
    assertThat(core.view().meta().get(Counter.INODE_COUNT)).isEqualTo(inodes + 1);
    assertThat(core.run(create.toBuilder())).isInstanceOf(Decision.Unchanged.class); // a retry
    core.accepted(Ask.create("/usual"));
    assertThat(core.at("/usual").getId()).isEqualTo(counted + 1);
  }

  @Test
  void isAFileLikeOthersAfterwards() {
    core.accepted(core.written("/f", 1000).toBuilder());
    long id = core.at("/f").getId();
    core.accepted(Ask.rename("/f", "/g"));
    CommandResult opened = core.accepted(Ask.open("/g", true));
    assertThat(opened.getWriteVersion()).isGreaterThan(InodeNumbers.WRITE_VERSION);
    core.accepted(Ask.commit(id, opened.getWriteVersion(), 5, true));
    core.accepted(Ask.link("/g", "/h"));
    core.accepted(Ask.truncate("/h", 2));
    core.accepted(Ask.unlink("/g"));
    core.accepted(Ask.unlink("/h"));
  }

  @Test
  void refusesWhatIsNotOfThisCommandOrCannotBe() {
    core.accepted(Ask.create("/there"));
    assertRefused(ErrorCode.ALREADY_EXISTS, core.written("/there", 1000));
    assertRefused(ErrorCode.NOT_FOUND, core.written("/none/f", 1000));
    assertRefused(ErrorCode.INVALID_ARGUMENT, core.written("/f", 0));
    assertRefused(ErrorCode.INVALID_ARGUMENT, core.written("/f", Ask.MIB + 1));
    assertRefused(ErrorCode.INVALID_ARGUMENT, with(FirstContent.Builder::clearWorkerIds));
    assertRefused(ErrorCode.INVALID_ARGUMENT, with(c -> c.setInode(c.getInode() + 1)));
    assertRefused(ErrorCode.INVALID_ARGUMENT, with(c -> c.setInode(17)));
    assertRefused(ErrorCode.INVALID_ARGUMENT, with(c -> c.addWorkerIds(2).addWorkerIds(3)));
  }

  @Test
  void isAtAsManyWorkersAsTheFileAsksForWhereThereAreSoMany() {
    Command.Builder create = core.written("/f", 1000).toBuilder();
    create.getCreateFileBuilder().getFirstBlockBuilder().addAllChosenWorkerIds(List.of(1, 2));
    assertRefused(ErrorCode.INVALID_ARGUMENT, create.build());
    create.getCreateFileBuilder().getContentBuilder().addWorkerIds(2);
    core.accepted(create);
  }

  private Command with(Consumer<FirstContent.Builder> change) {
    Command.Builder create = core.written("/f", 1000).toBuilder();
    change.accept(create.getCreateFileBuilder().getContentBuilder());
    return create.build();
  }
}
