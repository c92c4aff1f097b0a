/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.client.block.BlockConnections;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.InodeNumbers;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.CommittedBlock;
import io.curvine.protocol.proto.CreateFile;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FirstContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes small files with one round trip to a worker, and then one to the masters: the file has a
 * number that its client knows before they do, and goes to workers that they named with the file
 * before. Whatever cannot be done so is left to the usual way. Thread-safe.
 */
final class SmallFiles {
  /** A file of more bytes is none. */
  static final int BYTES_MAX = Limits.PAGE_SIZE_BYTES;

  private static final Logger LOG = LoggerFactory.getLogger(SmallFiles.class);
  private static final Duration PLACES_VALID = Duration.ofSeconds(5);
  private static final int PLACES_MAX = 64;
  private static final Duration USUAL_AFTER_EXISTING = Duration.ofSeconds(1);

  private final MasterCalls masters;
  private final DataPlane data;

  /** Where further files can go, the newest first; each is for one. Guarded by this. */
  private final Deque<Offer> places = new ArrayDeque<>();

  /** By {@link System#nanoTime}: files that exist are being replaced, which gains nothing here. */
  private volatile long newAgainAt = System.nanoTime();

  SmallFiles(MasterCalls masters, DataPlane data) {
    this.masters = masters;
    this.data = data;
  }

  private record Offer(BlockTargets targets, int replicas, long atNanos) {
    boolean suits(int wanted, Suspects suspects) {
      boolean fresh = System.nanoTime() - atNanos < PLACES_VALID.toNanos();
      return fresh
          && replicas == wanted
          && targets.workers().stream()
              .noneMatch(each -> suspects.contains(BlockConnections.dataPort(each.getAddress())));
    }
  }

  /** The masters named workers, with a file of so many replicas, that one more can go to. */
  synchronized void offer(CommandResult answer, int replicas) {
    BlockTargets targets = BlockTargets.of(answer);
    if (targets != null) {
      places.addFirst(new Offer(targets, replicas, System.nanoTime()));
      if (places.size() > PLACES_MAX) {
        places.removeLast();
      }
    }
  }

  private synchronized Optional<BlockTargets> take(int replicas) {
    if (System.nanoTime() - newAgainAt < 0) {
      return Optional.empty();
    }
    Optional<Offer> found =
        places.stream().filter(offer -> offer.suits(replicas, data.suspects())).findFirst();
    found.ifPresent(places::remove);
    return found.map(Offer::targets);
  }

  /**
   * Writes a file that is not there yet.
   *
   * @param wish the file, without its content; names the replicas
   * @param content 1 byte to {@link #BYTES_MAX}, left as it is
   * @return what the masters answered; empty: nothing was done, and it has to be written in the
   *     usual way
   */
  Optional<CommandResult> write(CreateFile.Builder wish, ByteBuffer content, Namespace as)
      throws IOException {
    Optional<BlockTargets> targets = take(wish.getReplicas());
    Optional<MasterCalls.Turn> number =
        targets.isPresent() ? masters.takeNumber() : Optional.empty();
    return number.isPresent()
        ? write(wish, content, as, targets.get(), number.get())
        : Optional.empty();
  }

  private Optional<CommandResult> write(
      CreateFile.Builder wish,
      ByteBuffer content,
      Namespace as,
      BlockTargets targets,
      MasterCalls.Turn number)
      throws IOException {
    long inode = InodeNumbers.ofCommand(number.session().id(), number.seq());
    if (inode == InodeNumbers.NONE) {
      masters.giveUp(number);
      return Optional.empty();
    }
    // Others wait for the number in the end, so it is not held for long.
    WriteContext file =
        new WriteContext(inode, InodeNumbers.WRITE_VERSION, as, data, new WriteBuffers(), false);
    BlockWriter block = new BlockWriter(file, 0, 0, targets);
    Optional<CommittedBlock> written = written(block, content, file, number);
    if (written.isEmpty()) {
      discard(block, targets);
      return Optional.empty();
    }
    Optional<CommandResult> made =
        create(wish.setContent(content(inode, written.get())), number, block, as);
    if (made.isPresent() && made.get().getInode().getId() != inode) {
      writeInto(made.get(), content, as);
    }
    return made;
  }

  /** Masters of an older version have created the file, and left its content alone. */
  private void writeInto(CommandResult made, ByteBuffer content, Namespace as) throws IOException {
    try (FileWriter writer = new FileWriter(made, true, as, data)) {
      writer.write(0, content.duplicate());
    }
  }

  private void discard(BlockWriter block, BlockTargets targets) {
    if (data.suspects().contains(targets.head())) {
      block.leave(); // it would be waited for once more
    } else {
      block.abort();
    }
  }

  /** Empty: it cannot be written so; the number is given up then. */
  private Optional<CommittedBlock> written(
      BlockWriter block, ByteBuffer content, WriteContext file, MasterCalls.Turn number) {
    boolean done = false;
    try {
      block.write(0, ByteBuffer.allocate(content.remaining()).put(content.duplicate()).flip());
      block.finish(file.fsync(), false);
      block.drain(0);
      done = true;
      return Optional.of(block.committed());
    } catch (IOException e) {
      LOG.debug("a small file is written in the usual way: {}", e.toString());
      return Optional.empty();
    } finally {
      if (!done) {
        masters.giveUp(number);
      }
    }
  }

  private static FirstContent content(long inode, CommittedBlock block) {
    return FirstContent.newBuilder()
        .setInode(inode)
        .setLengthBytes(block.getLengthBytes())
        .addAllWorkerIds(block.getWorkerIdsList())
        .build();
  }

  private Optional<CommandResult> create(
      CreateFile.Builder wish, MasterCalls.Turn number, BlockWriter block, Namespace as)
      throws IOException {
    try {
      CommandResult made = as.command(Command.newBuilder().setCreateFile(wish), number);
      offer(made, wish.getReplicas());
      block.leave();
      return Optional.of(made);
    } catch (CurvineException e) {
      if (e.code() == ErrorCode.UNKNOWN_OUTCOME) {
        block.leave(); // the file may be there
        throw e;
      }
      block.abort();
      boolean replaced = e.code() == ErrorCode.ALREADY_EXISTS && !wish.getExclusive();
      if (replaced) {
        newAgainAt = System.nanoTime() + USUAL_AFTER_EXISTING.toNanos();
      }
      // INVALID_ARGUMENT: not at as many workers as the file asks for, as one example.
      boolean otherwise =
          replaced
              || e.code() == ErrorCode.SESSION_EXPIRED
              || e.code() == ErrorCode.INVALID_ARGUMENT;
      if (otherwise) {
        return Optional.empty();
      }
      throw e;
    } catch (IOException e) {
      block.leave();
      throw e;
    }
  }
}
