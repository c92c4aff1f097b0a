/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandBatch;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.DeleteEntry;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.MountUfs;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.rpc.RpcResponder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BatchServiceTest {
  private static final Command DELETE =
      Command.newBuilder().setDeleteEntry(DeleteEntry.getDefaultInstance()).build();

  private final List<Command> asked = new ArrayList<>();
  private final List<RpcResponder> responders = new ArrayList<>();
  private final List<MasterResponse> answers = new ArrayList<>();
  private final BatchService service =
      new BatchService(
          (command, responder) -> {
            asked.add(command);
            responders.add(responder);
          });

  private void send(CommandBatch.Builder batch) {
    service.handle(batch.build(), answers::add);
  }

  private static CommandBatch.Builder deletes(int count) {
    CommandBatch.Builder batch =
        CommandBatch.newBuilder()
            .setSessionId(7)
            .setFirstSeq(100)
            .setAckedBelow(90)
            .setPrincipal(Principal.newBuilder().setUid(5));
    for (int i = 0; i < count; i++) {
      batch.addCommands(DELETE);
    }
    return batch;
  }

  private static MasterResponse done(long offset) {
    return MasterResponse.newBuilder()
        .setCommand(CommandResult.newBuilder().setOffset(offset))
        .build();
  }

  @Test
  void eachCommandIsAskedWithItsOwnNumberAndAllAnswersComeTogetherInOrder() {
    send(deletes(3));
    assertThat(asked).extracting(Command::getSeq).containsExactly(100L, 101L, 102L);
    assertThat(asked).allMatch(command -> command.getSessionId() == 7);
    assertThat(asked).allMatch(command -> command.getAckedBelow() == 90);
    assertThat(asked).allMatch(command -> command.getPrincipal().getUid() == 5);
    responders.get(2).respond(done(12));
    responders.get(0).respond(done(10));
    assertThat(answers).isEmpty();
    responders.get(1).respond(Responses.of(ErrorCode.NOT_FOUND, "not there"));
    var replies = answers.get(0).getCommandBatch().getRepliesList();
    assertThat(replies).hasSize(3);
    assertThat(replies.get(0).getResult().getOffset()).isEqualTo(10);
    assertThat(replies.get(1).getCode()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(replies.get(1).getMessage()).isEqualTo("not there");
    assertThat(replies.get(2).getResult().getOffset()).isEqualTo(12);
  }

  @Test
  void whereOneIsToBeAskedAgainAllAre() {
    send(deletes(2));
    responders.get(0).respond(done(10));
    MasterResponse elsewhere =
        Responses.of(ErrorCode.NOT_LEADER, "no").toBuilder().setLeaderRpc("h:1").build();
    responders.get(1).respond(elsewhere);
    assertThat(answers).containsExactly(elsewhere.toBuilder().setInPart(true).build());
  }

  @Test
  void whereNoneWasDoneTheAnswerSaysSo() {
    send(deletes(3));
    responders.get(0).respond(Responses.of(ErrorCode.SESSION_EXPIRED, "gone"));
    responders.get(1).respond(Responses.of(ErrorCode.NOT_FOUND, "not there"));
    responders.get(2).respond(Responses.of(ErrorCode.SESSION_EXPIRED, "gone"));
    assertThat(answers).containsExactly(Responses.of(ErrorCode.SESSION_EXPIRED, "gone"));
  }

  @Test
  void whatABatchCannotHoldIsRefusedWhole() {
    send(deletes(0));
    send(deletes(Limits.BATCH_MAX_COMMANDS + 1));
    send(
        deletes(1)
            .addCommands(Command.newBuilder().setMountUfs(MountUfs.getDefaultInstance()).build()));
    assertThat(answers)
        .hasSize(3)
        .allMatch(answer -> answer.getCode() == ErrorCode.INVALID_ARGUMENT);
    assertThat(answers.get(1).getMessage()).contains("1001").contains("1 to 1000");
    assertThat(answers.get(2).getMessage()).contains("MOUNT_UFS");
    assertThat(asked).isEmpty();
  }
}
