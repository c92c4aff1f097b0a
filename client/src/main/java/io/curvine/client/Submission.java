/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandBatch;
import io.curvine.protocol.proto.CommandReply;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import java.util.List;

/**
 * What a session gives numbers to and asks for until it is answered: a command, or many in one
 * request. Immutable.
 *
 * @param <T> the answer
 */
sealed interface Submission<T> {
  /** Numbers that it needs. */
  int count();

  /** The request; a retry differs in {@code ackedBelow} alone. */
  MasterRequest numbered(long session, long first, long ackedBelow);

  /** The answer in a response that is OK. */
  T answer(MasterResponse response) throws CurvineException;

  /** Of the last event that an answer tells of. */
  long offset(T answer);

  /** For people, in a sentence. */
  String words();

  /** A command, given without session and number. */
  record Single(Command command) implements Submission<CommandResult> {
    @Override
    public int count() {
      return 1;
    }

    @Override
    public MasterRequest numbered(long session, long first, long ackedBelow) {
      return MasterRequest.newBuilder()
          .setCommand(
              command.toBuilder().setSessionId(session).setSeq(first).setAckedBelow(ackedBelow))
          .build();
    }

    @Override
    public CommandResult answer(MasterResponse response) {
      return response.getCommand();
    }

    @Override
    public long offset(CommandResult answer) {
      return answer.getOffset();
    }

    @Override
    public String words() {
      return command.getCommandCase().toString();
    }
  }

  /** At least one command, given without session and numbers. */
  record Many(CommandBatch batch) implements Submission<List<CommandReply>> {
    @Override
    public int count() {
      return batch.getCommandsCount();
    }

    @Override
    public MasterRequest numbered(long session, long first, long ackedBelow) {
      return MasterRequest.newBuilder()
          .setCommandBatch(
              batch.toBuilder().setSessionId(session).setFirstSeq(first).setAckedBelow(ackedBelow))
          .build();
    }

    @Override
    public List<CommandReply> answer(MasterResponse response) throws CurvineException {
      List<CommandReply> replies = response.getCommandBatch().getRepliesList();
      if (replies.size() != count()) {
        throw new CurvineException(
            ErrorCode.INTERNAL,
            "the master gave " + replies.size() + " answers to " + words() + "; allowed: one each");
      }
      return replies;
    }

    @Override
    public long offset(List<CommandReply> answer) {
      long highest = 0;
      for (CommandReply reply : answer) {
        highest = Math.max(highest, reply.getResult().getOffset());
      }
      return highest;
    }

    @Override
    public String words() {
      return "a batch of " + count() + " commands";
    }
  }
}
