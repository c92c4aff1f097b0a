/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CreateFile;
import io.curvine.protocol.proto.DeleteEntry;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.MakeDirectory;
import io.curvine.protocol.proto.RenameEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Many changes in few requests: 1,000 in each, one request after the other. They are done in their
 * order, except that one which waits for names of a UFS comes after those of its request that need
 * not. Each is done or refused by itself, and done once over all retries and failovers; a refusal
 * does not keep the others from being done. Where an answer was lost, those that were refused are
 * decided again, after all others of their request: put what depends on a refusal into a batch of
 * its own. Not thread-safe.
 *
 * <p>The methods that add one check it, and refuse what is wrong with its place in the list, from
 * 0; nothing is sent before {@link #run} or {@link #submit}.
 */
public final class Batch {
  /** Sends them, and waits for the UFS. */
  private final BatchCalls calls;

  private final int blockSizeBytes;
  private final int replicas;
  private final List<Command> commands = new ArrayList<>();

  /**
   * None yet.
   *
   * @param config block size and replicas of new files
   */
  Batch(BatchCalls calls, ClientConfig config) {
    this.calls = calls;
    this.blockSizeBytes = (int) config.blockSize();
    this.replicas = config.replicas();
  }

  /** Makes an empty file that nobody holds open; ALREADY_EXISTS where the name is taken. */
  public Batch createEmpty(EntryRef at, int mode) throws CurvineException {
    check(
        () -> {
          Checks.newEntry("file", at);
          Checks.mode(mode);
        });
    return add(
        Command.newBuilder()
            .setCreateFile(
                CreateFile.newBuilder()
                    .setAt(at)
                    .setMode(mode)
                    .setBlockSizeBytes(blockSizeBytes)
                    .setReplicas(replicas)
                    .setComplete(true)));
  }

  /** Makes a directory in one that exists. */
  public Batch makeDirectory(EntryRef at, int mode) throws CurvineException {
    check(
        () -> {
          Checks.newEntry("directory", at);
          Checks.mode(mode);
        });
    return add(
        Command.newBuilder().setMakeDirectory(MakeDirectory.newBuilder().setAt(at).setMode(mode)));
  }

  /** Deletes, as {@link Namespace#delete(EntryRef, InodeType, boolean)} does. */
  public Batch delete(EntryRef at, InodeType mustBe, boolean recursive) throws CurvineException {
    return delete(at, mustBe, recursive, false);
  }

  /** Deletes, as {@link Namespace#delete(EntryRef, InodeType, boolean, boolean)} does. */
  public Batch delete(EntryRef at, InodeType mustBe, boolean recursive, boolean skipTrash)
      throws CurvineException {
    check(() -> Checks.newEntry("entry", at));
    return add(
        Command.newBuilder()
            .setDeleteEntry(
                DeleteEntry.newBuilder()
                    .setAt(at)
                    .setMustBe(mustBe)
                    .setRecursive(recursive)
                    .setSkipTrash(skipTrash)));
  }

  /** Sets what the change names, at least one attribute. */
  public Batch setAttributes(EntryRef at, AttributeChange change) throws CurvineException {
    check(
        () -> {
          Checks.entry("entry", at);
          if (change.isEmpty()) {
            throw Checks.invalid("no attribute is named; allowed: at least one");
          }
          if (change.toProto().hasMode()) {
            Checks.mode(change.toProto().getMode());
          }
        });
    return add(Command.newBuilder().setSetAttributes(change.toProto().toBuilder().setAt(at)));
  }

  /** Renames, as {@link Namespace#rename} does. */
  public Batch rename(EntryRef from, EntryRef to, boolean noReplace) throws CurvineException {
    check(
        () -> {
          Checks.newEntry("source", from);
          Checks.newEntry("target", to);
        });
    return add(
        Command.newBuilder()
            .setRenameEntry(
                RenameEntry.newBuilder().setFrom(from).setTo(to).setNoReplace(noReplace)));
  }

  /** How many were added. */
  public int size() {
    return commands.size();
  }

  /**
   * Does all that was added so far, and under write-through mounts waits for the UFS. What is wrong
   * with one is its own outcome. Where a request ends without an answer, that is the outcome of
   * each of its changes (NOT_READY: not done; UNKNOWN_OUTCOME), and those after it are not sent and
   * have NOT_READY.
   *
   * @return in the order of adding; empty where none was added
   * @throws IOException the client is closed, or the thread is interrupted; or no master could say
   *     whether the UFS has followed
   */
  public List<Outcome> run() throws IOException {
    return calls.awaitJobs(Answers.await(submit()));
  }

  /**
   * The same without a thread that waits, and without waiting for the UFS, see {@link
   * Namespace#jobs}. What is chained to it runs on the client's event loop and must not block.
   */
  public CompletableFuture<List<Outcome>> submit() {
    return calls.submit(List.copyOf(commands));
  }

  private Batch add(Command.Builder command) {
    commands.add(command.build());
    return this;
  }

  private interface Check {
    void run() throws CurvineException;
  }

  private void check(Check check) throws CurvineException {
    try {
      check.run();
    } catch (CurvineException e) {
      throw new CurvineException(
          e.code(), "change " + commands.size() + " of the batch: " + e.getMessage(), e);
    }
  }
}
