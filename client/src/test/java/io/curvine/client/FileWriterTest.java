/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.block.WriteAck;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.JobState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FileWriterTest {
  private static final int MIB = 1 << 20;

  private FakeCluster cluster;
  private CurvineClient client;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(3);
    cluster.master.blockSizeBytes = 2 * MIB;
    client = cluster.client();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void writesInOrderOverManyBlocks() throws IOException {
    cluster.master.replicas = 2;
    byte[] content = FileReaderTest.random(13 * MIB + 17, 1);
    try (CurvineOutputStream out = client.create("/f", CreateOptions.defaults())) {
      for (int at = 0; at < content.length; at += 100_000) {
        out.write(content, at, Math.min(100_000, content.length - at));
      }
    }
    assertContent("/f", content);
    assertThat(cluster.master.record(inode("/f"), 3).getWorkerIdsCount()).isEqualTo(2);
    assertThat(cluster.workers.values())
        .allMatch(w -> w.count(BlockOp.WRITE) <= 13 * MIB / WriteBuffers.BYTES + 1);
  }

  @Test
  void aSmallFileTakesOneRoundTripToTheWorkerAndTwoToTheMasters() throws IOException {
    cluster.worker(1).answersAtCommit = true;
    int before = cluster.master.commands().size();
    write("/f", new byte[] {1, 2, 3});
    List<Command> commands = cluster.master.commands();
    assertThat(commands.subList(before, commands.size()))
        .extracting(Command::getCommandCase)
        .endsWith(Command.CommandCase.CREATE_FILE, Command.CommandCase.COMMIT_FILE);
    assertThat(cluster.worker(1).count(BlockOp.OPEN_WRITE)).isEqualTo(1);
    cluster.worker(1).answersAtCommit = false;
    assertContent("/f", new byte[] {1, 2, 3});
  }

  @Test
  void aPublicationHasTheTimeThatWasGivenForWhatItPublishes() throws IOException {
    try (FileWriter writer = client.create(Refs.path("/f"), CreateOptions.defaults())) {
      writer.modified(7);
      writer.write(0, ByteBuffer.allocate(3));
      writer.flush();
      writer.flush();
      writer.modified(8); // and nothing else is changed
      writer.flush();
      writer.write(3, ByteBuffer.allocate(3));
    }
    assertThat(cluster.master.commands())
        .filteredOn(Command::hasCommitFile)
        .extracting(command -> command.getCommitFile().getMtimeNanos())
        .containsExactly(7L, 8L, 0L);
    assertThat(cluster.master.commands())
        .filteredOn(Command::hasCommitFile)
        .extracting(command -> command.getCommitFile().getCtimeNanos())
        .containsExactly(7L, 8L, 0L);
  }

  @Test
  void whereTheMasterOffersNoWorkersTheyAreAskedForLater() throws IOException {
    cluster.master.offersFirstBlock = false;
    write("/f", new byte[] {1, 2, 3});
    assertContent("/f", new byte[] {1, 2, 3});
    assertThat(cluster.master.commands()).anyMatch(Command::hasAllocateBlock);
  }

  @Test
  void aWorkerThatRefusesTheFirstBlockIsReplacedWithWhatWasSentBehind() throws IOException {
    cluster.worker(1).refuse =
        header -> header.op() == BlockOp.OPEN_WRITE ? ErrorCode.NO_SPACE : null;
    write("/f", new byte[] {1, 2, 3});
    assertContent("/f", new byte[] {1, 2, 3});
    assertThat(cluster.master.record(inode("/f"), 0).getWorkerIdsList()).doesNotContain(1);
  }

  @Test
  void withFsyncEveryEndIsDurable() throws IOException {
    ClientConfig forced = cluster.client().config().withWriteAck(WriteAck.FSYNC);
    List<BlockHeader> seen = new CopyOnWriteArrayList<>();
    cluster
        .workers
        .values()
        .forEach(
            worker ->
                worker.refuse =
                    header -> {
                      seen.add(header);
                      return null;
                    });
    try (CurvineClient durable = cluster.client(forced);
        FileWriter writer = durable.create(Refs.path("/f"), CreateOptions.defaults())) {
      writer.write(0, ByteBuffer.wrap(new byte[2 * MIB + 10])); // the first block ends by itself
      writer.flush();
    }
    assertThat(seen)
        .filteredOn(header -> header.op() == BlockOp.OPEN_WRITE || header.op() == BlockOp.COMMIT)
        .hasSizeGreaterThanOrEqualTo(4)
        .allMatch(header -> (header.flags() & BlockHeader.FLAG_FSYNC) != 0);
  }

  @Test
  void anEmptyFileIsCommitted() throws IOException {
    client.create(Refs.path("/empty"), CreateOptions.defaults()).close();
    assertThat(last().getCommitFile().getClose()).isTrue();
    assertContent("/empty", new byte[0]);
  }

  @Test
  void whatIsUnchangedIsOnlyGivenBack() throws IOException {
    write("/f", new byte[] {1, 2, 3});
    FileWriter writer = client.openForWrite(Refs.path("/f"), false);
    writer.flush();
    writer.close();
    writer.close();
    assertThat(last().hasReleaseLease()).isTrue();
  }

  @Test
  void flushPublishesAndWritingGoesOn() throws IOException {
    try (FileWriter writer = client.create(Refs.path("/f"), CreateOptions.defaults())) {
      writer.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
      assertThat(writer.length()).isEqualTo(3);
      writer.flush();
      assertContent("/f", new byte[] {1, 2, 3});
      assertThat(writer.inode().getLengthBytes()).isEqualTo(3);
      writer.write(1, ByteBuffer.wrap(new byte[] {7, 8, 9}));
      writer.sync();
      writer.write(4, ByteBuffer.wrap(new byte[] {5}));
      writer.sync();
      assertContent("/f", new byte[] {1, 7, 8, 9, 5});
      assertThat(cluster.worker(1).count(BlockOp.SYNC)).isEqualTo(2);
    }
    assertContent("/f", new byte[] {1, 7, 8, 9, 5});
  }

  @Test
  void syncMakesDurableWhatWasFlushed() throws IOException {
    AtomicInteger durable = new AtomicInteger();
    cluster.worker(1).refuse =
        header -> {
          if ((header.flags() & BlockHeader.FLAG_FSYNC) != 0) {
            durable.incrementAndGet();
          }
          return null;
        };
    try (FileWriter writer = client.create(Refs.path("/f"), CreateOptions.defaults())) {
      writer.write(0, ByteBuffer.wrap(new byte[10]));
      writer.flush();
      assertThat(durable).hasValue(0);
      writer.sync();
      writer.sync();
      assertThat(durable).hasValue(1);
    }
  }

  @Test
  void partOfAnOldBlockIsCopiedUp() throws IOException {
    byte[] content = FileReaderTest.random(5 * MIB, 3);
    cluster.master.ufsFile("/f", content.clone(), "v1");
    try (FileWriter writer = client.openForWrite(Refs.path("/f"), false)) {
      writer.write(2 * MIB + 100, ByteBuffer.wrap(new byte[50]));
    }
    Arrays.fill(content, 2 * MIB + 100, 2 * MIB + 150, (byte) 0);
    assertContent("/f", content);
    assertThat(cluster.master.record(inode("/f"), 0)).isNull();
    assertThat(cluster.master.record(inode("/f"), 1).getLengthBytes()).isEqualTo(2 * MIB);
  }

  @Test
  void whatWasCutDoesNotComeBack() throws IOException {
    byte[] content = FileReaderTest.random(5 * MIB, 4);
    cluster.master.ufsFile("/f", content, "v1");
    try (FileWriter writer = client.openForWrite(Refs.path("/f"), false)) {
      writer.write(4 * MIB, ByteBuffer.wrap(new byte[10]));
      writer.truncate(MIB + 5);
      writer.truncate(3 * MIB);
      writer.write(MIB + 100, ByteBuffer.wrap(new byte[] {1}));
    }
    byte[] expected = Arrays.copyOf(Arrays.copyOf(content, MIB + 5), 3 * MIB);
    expected[MIB + 100] = 1;
    assertContent("/f", expected);
  }

  @Test
  void abortLeavesWhatWasPublished() throws IOException {
    FileWriter writer = client.create(Refs.path("/f"), CreateOptions.defaults());
    writer.write(0, ByteBuffer.wrap(new byte[] {1, 2}));
    writer.flush();
    writer.write(4 * MIB, ByteBuffer.wrap(new byte[10]));
    writer.abort();
    assertContent("/f", new byte[] {1, 2});
    assertThat(cluster.master.inode(inode("/f")).hasLease()).isFalse();
    assertThatThrownBy(() -> writer.write(0, ByteBuffer.allocate(1)))
        .hasMessageContaining("closed");
  }

  @Test
  void theWindowBoundsWhatIsNotAcknowledged() throws Exception {
    FakeWorker worker = cluster.worker(1);
    worker.writeAnswers.drainPermits();
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              try (FileWriter writer = client.create(Refs.path("/f"), CreateOptions.defaults())) {
                writer.write(0, ByteBuffer.allocate(2 * MIB));
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    while (worker.writesSeen.get() < 1) {
      Thread.onSpinWait();
    }
    // A window of 1 MiB: the second MiB waits for answers to the first.
    assertThat(writing).isNotDone();
    assertThat(worker.writesSeen).hasValue(1);
    worker.writeAnswers.release(100);
    writing.get();
    assertThat(worker.writesSeen).hasValue(2 * MIB / WriteBuffers.BYTES);
  }

  @Test
  void aWorkerThatRefusesIsReplaced() throws IOException {
    cluster.worker(1).refuse = onWrites(ErrorCode.NO_SPACE, 1);
    byte[] content = FileReaderTest.random(MIB, 5);
    write("/f", content);
    assertContent("/f", content);
    assertThat(cluster.master.record(inode("/f"), 0).getWorkerIdsList()).doesNotContain(1);
  }

  @Test
  void whereNoWorkerHasRoomTheWriteSaysSoAndTheWriterCanGo() throws IOException {
    for (int id = 1; id <= 3; id++) {
      cluster.worker(id).refuse = onWrites(ErrorCode.NO_SPACE, Integer.MAX_VALUE);
    }
    FileWriter writer = client.create(Refs.path("/f"), CreateOptions.defaults());
    assertThatThrownBy(
            () -> {
              writer.write(0, ByteBuffer.wrap(FileReaderTest.random(9 * MIB, 5)));
              writer.close();
            })
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
    writer.abort();
  }

  @Test
  void aReplicaThatDiesIsReplacedAndWhatItHadIsReadBack() throws IOException {
    cluster.master.blockSizeBytes = 8 * MIB;
    cluster.master.replicas = 2;
    byte[] content = FileReaderTest.random(6 * MIB, 6);
    try (FileWriter writer = client.create(Refs.path("/f"), CreateOptions.defaults())) {
      writer.write(0, ByteBuffer.wrap(content, 0, 5 * MIB));
      cluster.worker(1).close();
      writer.write(5 * MIB, ByteBuffer.wrap(content, 5 * MIB, MIB));
    }
    assertContent("/f", content);
    assertThat(cluster.master.record(inode("/f"), 0).getWorkerIdsList()).doesNotContain(1);
  }

  @Test
  void aSecondReplicaThatFailsIsTheOneExcluded() throws IOException {
    cluster.master.replicas = 2;
    cluster.worker(2).refuse = onWrites(ErrorCode.FENCED, Integer.MAX_VALUE);
    byte[] content = FileReaderTest.random(100, 7);
    write("/f", content);
    assertThat(cluster.master.record(inode("/f"), 0).getWorkerIdsList()).containsExactly(1, 3);
    assertContent("/f", content);
  }

  @Test
  void aLossIsAClearErrorAndTheFileIsGivenBack() throws IOException {
    cluster.master.blockSizeBytes = 8 * MIB;
    FileWriter writer = client.create(Refs.path("/f"), CreateOptions.defaults());
    writer.write(0, ByteBuffer.allocate(4 * MIB));
    cluster.worker(1).close();
    assertThatThrownBy(
            () -> {
              writer.write(4 * MIB, ByteBuffer.allocate(4 * MIB));
              writer.flush();
            })
        .isInstanceOf(CurvineException.class)
        .hasMessageContaining("lost with the workers");
    assertThatThrownBy(writer::close).hasMessageContaining("an earlier call failed");
    assertThat(cluster.master.inode(inode("/f")).hasLease()).isFalse();
  }

  @Test
  void aShortBlockIsRewrittenWhenItsOnlyWorkerDies() throws IOException {
    byte[] content = FileReaderTest.random(900_000, 8);
    try (FileWriter writer = client.create(Refs.path("/f"), CreateOptions.defaults())) {
      writer.write(0, ByteBuffer.wrap(content, 0, 300_000));
      writer.write(500_000, ByteBuffer.wrap(content, 500_000, 400_000));
      cluster.worker(1).close();
      writer.write(300_000, ByteBuffer.wrap(content, 300_000, 200_000));
    }
    assertContent("/f", content);
  }

  @Test
  void anAnswerToAnotherRequestIsTakenForNone() throws IOException {
    AtomicInteger wrong = new AtomicInteger(1);
    cluster.worker(1).answered =
        header ->
            header.op() == BlockOp.WRITE && wrong.getAndDecrement() > 0
                ? header.requestId() + 1
                : header.requestId();
    byte[] content = FileReaderTest.random(MIB, 9); // one block
    write("/f", content);
    assertThat(wrong.get()).isNegative();
    assertThat(cluster.worker(1).count(BlockOp.OPEN_WRITE)).isEqualTo(2);
    assertContent("/f", content);
  }

  @Test
  void aFlushThatTheMastersCouldNotTakeMayBeAskedForAgain() throws IOException {
    try (FileWriter writer = client.create(Refs.path("/f"), CreateOptions.defaults())) {
      writer.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
      cluster.master.instead =
          request ->
              request.getCommand().hasCommitFile()
                  ? FakeMaster.refusal(ErrorCode.INTERNAL, "not now")
                  : null;
      assertThatThrownBy(writer::flush).hasMessage("not now");
      cluster.master.instead = request -> null;
      writer.flush();
      assertContent("/f", new byte[] {1, 2, 3});
    }
  }

  @Test
  void shortWritesHereAndThereDoNotPileUp() throws IOException {
    byte[] content = new byte[3 * MIB];
    try (FileWriter writer = client.create(Refs.path("/f"), CreateOptions.defaults())) {
      writer.truncate(content.length);
      for (int i = 0; i < 20_000; i++) {
        int at = (int) (i * 7919L % content.length);
        content[at] = (byte) i;
        writer.write(at, ByteBuffer.wrap(content, at, 1));
      }
    }
    assertContent("/f", content);
  }

  @Test
  void aPipelineWithoutAnyWorkerForAWhileIsWaitedFor() throws IOException {
    AtomicInteger refusals = new AtomicInteger(20);
    cluster
        .workers
        .values()
        .forEach(
            w ->
                w.refuse =
                    header ->
                        header.op() != BlockOp.READ && refusals.getAndDecrement() > 0
                            ? ErrorCode.FENCED
                            : null);
    byte[] content = FileReaderTest.random(MIB, 9);
    write("/f", content);
    assertContent("/f", content);
  }

  @Test
  void closeWaitsForTheUnderStore() throws IOException {
    cluster.master.jobsOfChanges = List.of(3L);
    cluster.master.jobs =
        Map.of(3L, JobState.newBuilder().setJobId(3).setFinished(true).setError("denied").build());
    FileWriter writer = client.create(Refs.path("/f"), CreateOptions.defaults());
    assertThatThrownBy(writer::close).hasMessageContaining("denied");
    assertThat(last().getCommitFile().getClose()).isTrue();
    writer.close();
  }

  private static Function<BlockHeader, ErrorCode> onWrites(ErrorCode code, int times) {
    AtomicInteger left = new AtomicInteger(times);
    return header -> header.op() == BlockOp.WRITE && left.getAndDecrement() > 0 ? code : null;
  }

  private void write(String path, byte[] content) throws IOException {
    try (CurvineOutputStream out = client.create(path, CreateOptions.defaults())) {
      out.write(content);
    }
  }

  private long inode(String path) throws IOException {
    return client.namespace().get(Refs.path(path), true).getInode().getId();
  }

  private Command last() {
    List<Command> commands = cluster.master.commands();
    return commands.get(commands.size() - 1);
  }

  private void assertContent(String path, byte[] expected) throws IOException {
    try (CurvineInputStream in = client.open(path)) {
      assertThat(Arrays.equals(in.readAllBytes(), expected)).isTrue();
    }
  }
}
