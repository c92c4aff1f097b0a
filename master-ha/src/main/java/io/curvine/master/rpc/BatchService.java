/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandBatch;
import io.curvine.protocol.proto.CommandBatchReply;
import io.curvine.protocol.proto.CommandReply;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.rpc.RpcHandler;
import io.curvine.protocol.rpc.RpcResponder;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;

/**
 * Takes many commands in one request, hands on each as if it had come alone, and answers when all
 * are decided. Where one is to be asked elsewhere or later, all are: those that were done get their
 * first answers then. Thread-safe.
 */
final class BatchService {
  private final BiConsumer<Command, RpcResponder> one;

  /**
   * @param one takes a single command
   */
  BatchService(BiConsumer<Command, RpcResponder> one) {
    this.one = one;
  }

  /** As {@link RpcHandler#handle}. */
  void handle(CommandBatch batch, RpcResponder responder) {
    String wrong = wrong(batch);
    if (!wrong.isEmpty()) {
      responder.respond(Responses.of(ErrorCode.INVALID_ARGUMENT, wrong));
      return;
    }
    Gathered gathered = new Gathered(batch.getCommandsCount(), responder);
    for (int i = 0; i < batch.getCommandsCount(); i++) {
      int at = i;
      Command command =
          batch.getCommands(i).toBuilder()
              .setSessionId(batch.getSessionId())
              .setSeq(batch.getFirstSeq() + i)
              .setAckedBelow(batch.getAckedBelow())
              .setPrincipal(batch.getPrincipal())
              .build();
      one.accept(command, response -> gathered.add(at, response));
    }
  }

  private static String wrong(CommandBatch batch) {
    int count = batch.getCommandsCount();
    if (count == 0 || count > Limits.BATCH_MAX_COMMANDS) {
      return "a batch has " + count + " commands; allowed: 1 to " + Limits.BATCH_MAX_COMMANDS;
    }
    for (Command command : batch.getCommandsList()) {
      if (!allowed(command)) {
        return "a batch holds " + command.getCommandCase() + "; allowed: commands on entries";
      }
    }
    return "";
  }

  private static boolean allowed(Command command) {
    return switch (command.getCommandCase()) {
      case MAKE_DIRECTORY,
          CREATE_FILE,
          OPEN_FOR_WRITE,
          ALLOCATE_BLOCK,
          COMMIT_FILE,
          RELEASE_LEASE,
          RENAME_ENTRY,
          DELETE_ENTRY,
          SET_ATTRIBUTES,
          SET_XATTR,
          REMOVE_XATTR,
          TRUNCATE_FILE,
          CREATE_SYMLINK,
          CREATE_HARD_LINK,
          MAKE_SPECIAL,
          EXCHANGE_ENTRIES ->
          true;
      default -> false;
    };
  }

  /** The answers so far; the last one answers the request. */
  private static final class Gathered {
    private final AtomicReferenceArray<MasterResponse> responses;
    private final AtomicInteger missing;
    private final RpcResponder responder;

    Gathered(int count, RpcResponder responder) {
      this.responses = new AtomicReferenceArray<>(count);
      this.missing = new AtomicInteger(count);
      this.responder = responder;
    }

    void add(int at, MasterResponse response) {
      responses.set(at, response);
      if (missing.decrementAndGet() == 0) {
        responder.respond(all());
      }
    }

    private MasterResponse all() {
      CommandBatchReply.Builder replies = CommandBatchReply.newBuilder();
      for (int i = 0; i < responses.length(); i++) {
        MasterResponse response = responses.get(i);
        if (again(response.getCode())) {
          return inPart() ? response.toBuilder().setInPart(true).build() : response;
        }
        CommandReply.Builder reply =
            CommandReply.newBuilder().setCode(response.getCode()).setMessage(response.getMessage());
        replies.addReplies(response.hasCommand() ? reply.setResult(response.getCommand()) : reply);
      }
      return MasterResponse.newBuilder().setCommandBatch(replies).build();
    }

    /** A caller who cannot ask again in this session must not take the commands for undone. */
    private boolean inPart() {
      for (int i = 0; i < responses.length(); i++) {
        ErrorCode code = responses.get(i).getCode();
        if (code == ErrorCode.OK || code == ErrorCode.UNKNOWN_OUTCOME) {
          return true;
        }
      }
      return false;
    }

    private static boolean again(ErrorCode code) {
      return switch (code) {
        case NOT_LEADER, BUSY, NOT_READY, UNKNOWN_OUTCOME, SESSION_EXPIRED -> true;
        default -> false;
      };
    }
  }
}
