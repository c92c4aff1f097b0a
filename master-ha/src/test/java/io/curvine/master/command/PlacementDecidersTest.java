/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.AllocateBlock;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockTarget;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.PlaceBlock;
import io.curvine.protocol.proto.RegisterWorker;
import io.curvine.protocol.proto.WorkerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacementDecidersTest {
  @TempDir Path directory;
  private Core core;
  private CommandResult file;
  private BlockId block;

  @BeforeEach
  void open() throws IOException {
    core = new Core(directory);
    for (int i = 1; i <= 3; i++) {
      core.accepted(
          Command.newBuilder()
              .setRegisterWorker(
                  RegisterWorker.newBuilder()
                      .setUuid("w" + i)
                      .setAddress(WorkerAddress.newBuilder().setHost("h"))));
    }
    file = core.accepted(Ask.create("/f"));
    block =
        BlockId.newBuilder()
            .setInode(file.getInode().getId())
            .setVersion(file.getWriteVersion())
            .build();
  }

  @AfterEach
  void close() throws IOException {
    core.close();
  }

  /** At worker 1, with half a block. */
  private void commit(boolean close) {
    core.accepted(Ask.commit(block.getInode(), file.getWriteVersion(), Ask.MIB / 2, close));
  }

  private PlaceBlock.Builder copied(int worker) {
    return PlaceBlock.newBuilder()
        .setBlock(block)
        .setLengthBytes(Ask.MIB / 2)
        .setAddedWorkerId(worker);
  }

  private PlaceBlock.Builder removed(int worker) {
    return PlaceBlock.newBuilder().setBlock(block).addRemovedWorkerIds(worker);
  }

  private static Command.Builder command(PlaceBlock.Builder place) {
    return Command.newBuilder().setPlaceBlock(place);
  }

  private List<Integer> workers() {
    return core.view().namespace().block(block.getInode(), 0).getWorkerIdsList();
  }

  @Test
  void replicasComeAndGoAndTheFileStaysAsItWas() throws IOException {
    commit(true);
    Inode before = core.at("/f");
    core.accepted(command(copied(2)));
    assertThat(workers()).containsExactly(1, 2);
    assertThat(core.run(command(copied(2)))).isInstanceOf(Decision.Unchanged.class);
    core.accepted(command(removed(1).addExpectedWorkerIds(1).addExpectedWorkerIds(2)));
    core.accepted(command(copied(3)));
    core.restart();
    assertThat(workers()).containsExactly(2, 3);
    assertThat(core.at("/f")).isEqualTo(before);
  }

  @Test
  void aBlockIsWrittenToAsManyWorkersAsTheFileHasReplicas() {
    Command.Builder create = Ask.create("/g");
    create.getCreateFileBuilder().setReplicas(2);
    CommandResult made = core.accepted(create);
    AllocateBlock.Builder allocate =
        AllocateBlock.newBuilder()
            .setInode(made.getInode().getId())
            .setWriteVersion(made.getWriteVersion());
    Decision two =
        core.run(
            Command.newBuilder()
                .setAllocateBlock(allocate.addAllChosenWorkerIds(List.of(3, 9, 1, 2))));
    assertThat(two).isInstanceOf(Decision.Unchanged.class);
    assertThat(((Decision.Unchanged) two).result().getTargetsList())
        .extracting(BlockTarget::getWorkerId)
        .containsExactly(3, 1);
    assertThat(core.refused(Command.newBuilder().setAllocateBlock(allocate.clearChosenWorkerIds())))
        .extracting(Decision.Refused::code)
        .isEqualTo(ErrorCode.NO_SPACE);
  }

  @Test
  void theLastReplicaIsNotRemoved() {
    commit(true);
    Decision.Refused refused = core.refused(command(removed(1).addExpectedWorkerIds(1)));
    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(refused.message()).contains("no worker would be left").contains("[1]");
  }

  @Test
  void aRemovalHoldsForTheWorkersThatItWasWorkedOutFrom() {
    commit(true);
    core.accepted(command(copied(2)));
    core.accepted(command(copied(3)));
    Decision.Refused refused =
        core.refused(command(removed(1).addExpectedWorkerIds(1).addExpectedWorkerIds(2)));
    assertThat(refused.code()).isEqualTo(ErrorCode.FILE_BUSY);
    assertThat(refused.message()).contains("is at [1, 2, 3] by now");
  }

  @Test
  void aCopyThatIsNoUseIsRefused() {
    commit(false);
    assertThat(core.refused(command(copied(2))).code()).isEqualTo(ErrorCode.FILE_BUSY);
    commit(true);
    Decision.Refused tooShort = core.refused(command(copied(2).setLengthBytes(7)));
    assertThat(tooShort.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(tooShort.message()).contains("has 7 bytes; allowed: from 524288");
    assertThat(core.refused(command(copied(9))).message()).isEqualTo("there is no worker 9");
    BlockId old = block.toBuilder().setVersion(block.getVersion() + 1).build();
    assertThat(core.refused(command(copied(2).setBlock(old))).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
    core.accepted(Ask.unlink("/f"));
    assertThat(core.refused(command(copied(2))).code()).isEqualTo(ErrorCode.NOT_FOUND);
  }
}
