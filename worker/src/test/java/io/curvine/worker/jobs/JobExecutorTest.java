/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.jobs;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.JobOrder;
import io.curvine.protocol.proto.JobPart;
import io.curvine.protocol.proto.UfsSource;
import io.curvine.protocol.proto.WorkerAddress;
import io.curvine.worker.MemoryUfs;
import io.curvine.worker.fill.PageFiller;
import io.curvine.worker.net.DataServer;
import io.curvine.worker.net.PeerReader;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.StoreFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobExecutorTest {
  private static final int BLOCK = 2 * PAGE_SIZE_BYTES;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir Path dir;

  private final MemoryUfs ufs = new MemoryUfs();
  private final List<Long> changed = new ArrayList<>();
  private BlockStore here;
  private BlockStore there;
  private PageFiller filler;
  private DataServer server;
  private PeerReader peers;
  private JobExecutor executor;

  @BeforeEach
  void start() throws IOException {
    here = StoreFixture.open(dir.resolve("here"), 64L << 20);
    there = StoreFixture.open(dir.resolve("there"), 64L << 20);
    filler = new PageFiller(mount -> ufs, 2, 8 << 20);
    server = new DataServer(there, filler, () -> Long.MAX_VALUE, 2, TIMEOUT, TIMEOUT);
    server.listen(new HostPort("127.0.0.1", 0));
    peers = new PeerReader(server.loops(), TIMEOUT);
    executor =
        new JobExecutor(
            mount -> ufs,
            new FileContent(here, filler, peers),
            new PartRunner(here, filler, changed::add));
  }

  @AfterEach
  void stop() throws IOException {
    peers.close();
    server.close();
    filler.close();
    here.close();
    there.close();
  }

  private static void write(BlockStore store, BlockKey key, byte[] bytes) throws IOException {
    StoreFixture.write(store, key, bytes);
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private BlockLayout.Builder block(int index, long version, int valid) {
    return BlockLayout.newBuilder().setIndex(index).setVersion(version).setValidBytes(valid);
  }

  private BlockLocation away() {
    return BlockLocation.newBuilder()
        .setHolds(true)
        .setWorkerId(2)
        .setAddress(WorkerAddress.newBuilder().setHost("127.0.0.1").setDataPort(server.port()))
        .build();
  }

  private static Job.Builder job(JobKind kind, String path) {
    return Job.newBuilder()
        .setId(1)
        .setKind(kind)
        .setMountId(1)
        .setUfsPath(ByteString.copyFromUtf8(path));
  }

  private Outcome run(Job.Builder job, FileLayout layout) {
    return executor.run(JobOrder.newBuilder().setJob(job).setLayout(layout.toByteString()).build());
  }

  private Outcome run(Job.Builder job) {
    return executor.run(JobOrder.newBuilder().setJob(job).build());
  }

  private static FileLayout.Builder layout(long length) {
    return FileLayout.newBuilder()
        .setInode(Inode.newBuilder().setId(9).setLengthBytes(length).setBlockSizeBytes(BLOCK));
  }

  @Test
  void exportsWhatIsHereElsewhereInTheUfsAndHolesAsZeros() throws IOException {
    byte[] expected = new byte[4 * BLOCK + 5000];
    byte[] local = random(BLOCK - 10, 1);
    byte[] remote = random(BLOCK, 2);
    byte[] old = random(4 * BLOCK, 3);
    String version = ufs.put("f", old);
    write(here, new BlockKey(9, 5, 0), local);
    write(there, new BlockKey(9, 5, 1), remote);
    System.arraycopy(local, 0, expected, 0, local.length);
    System.arraycopy(remote, 0, expected, BLOCK, BLOCK);
    System.arraycopy(old, 2 * BLOCK, expected, 2 * BLOCK, 777);
    FileLayout layout =
        layout(expected.length)
            .addBlocks(block(0, 5, local.length))
            .addBlocks(block(1, 5, BLOCK).addLocations(away()))
            .addBlocks(block(2, 1, 777).setFillable(true))
            .addBlocks(block(3, 1, 0))
            .addBlocks(block(4, 5, 0))
            .setUfs(
                UfsSource.newBuilder()
                    .setMountId(1)
                    .setPath(ByteString.copyFromUtf8("f"))
                    .setVersion(version)
                    .setLengthBytes(old.length))
            .build();
    Outcome outcome = run(job(JobKind.EXPORT_FILE, "f"), layout);
    assertThat(outcome.succeeded()).as(outcome.error()).isTrue();
    assertThat(outcome.ufs().getLengthBytes()).isEqualTo(expected.length);
    assertThat(Arrays.equals(ufs.get("f"), expected)).isTrue();
  }

  @Test
  void anExportWhoseBlocksAreAwayForNowIsTriedAgain() {
    FileLayout layout = layout(100).addBlocks(block(0, 5, 100)).build();
    Outcome outcome = run(job(JobKind.EXPORT_FILE, "f"), layout);
    assertThat(outcome.succeeded()).isFalse();
    assertThat(outcome.retry()).isTrue();
    assertThat(outcome.error()).contains("9@5#0");
    assertThat(ufs.get("f")).isNull();
  }

  @Test
  void whatWillFailAgainIsNotTriedAgain() {
    assertThat(run(job(JobKind.EXPORT_FILE, "f")).retry()).isFalse();
    ufs.failWith(ErrorCode.UFS_DENIED);
    Outcome denied = run(job(JobKind.UFS_MAKE_DIRECTORY, "d"));
    assertThat(denied.retry()).as("rights may come back").isTrue();
    assertThat(denied.toProto(1).getCode()).isEqualTo(ErrorCode.UFS_DENIED);
    ufs.failWith(ErrorCode.UFS_UNREACHABLE);
    assertThat(run(job(JobKind.UFS_MAKE_DIRECTORY, "d")).retry()).isTrue();
  }

  private FileLayout small(byte[] content) throws IOException {
    write(here, new BlockKey(9, 5, 0), content);
    return layout(content.length).addBlocks(block(0, 5, content.length)).build();
  }

  private Outcome export(Job.Builder job, FileLayout layout, String known) {
    return executor.run(
        JobOrder.newBuilder()
            .setJob(job)
            .setLayout(layout.toByteString())
            .setChecked(true)
            .setKnownVersion(known)
            .build());
  }

  @Test
  void anExportReplacesNothingThatIsNotKnown() throws IOException {
    byte[] ours = random(5000, 1);
    byte[] theirs = random(5000, 2);
    FileLayout layout = small(ours);
    String version = ufs.put("f", theirs);
    Outcome refused = export(job(JobKind.EXPORT_FILE, "f"), layout, "another");
    assertThat(refused.succeeded()).isFalse();
    assertThat(refused.retry()).isFalse();
    assertThat(refused.code()).isEqualTo(ErrorCode.UFS_CONFLICT);
    assertThat(ufs.get("f")).isEqualTo(theirs);
    assertThat(export(job(JobKind.EXPORT_FILE, "f"), layout, version).succeeded()).isTrue();
    assertThat(ufs.get("f")).isEqualTo(ours);
  }

  @Test
  void whatAnEarlierAttemptUploadedIsNoConflict() throws IOException {
    byte[] ours = random(700_000, 1);
    FileLayout layout = small(ours);
    String version = ufs.put("f", ours);
    Outcome again = export(job(JobKind.EXPORT_FILE, "f"), layout, "before");
    assertThat(again.succeeded()).isTrue();
    assertThat(again.code()).isEqualTo(ErrorCode.OK);
    assertThat(again.ufs().getVersion()).isEqualTo(version);
  }

  @Test
  void anExportThatIsToldWhereKeepsTheOtherObjectThere() throws IOException {
    byte[] ours = random(5000, 1);
    byte[] theirs = random(700, 2);
    FileLayout layout = small(ours);
    ufs.put("f", theirs);
    Job.Builder job = job(JobKind.EXPORT_FILE, "f").setAside(ByteString.copyFromUtf8("f.conflict"));
    Outcome noted = export(job, layout, "");
    assertThat(noted.succeeded()).as(noted.error()).isTrue();
    assertThat(noted.code()).isEqualTo(ErrorCode.UFS_CONFLICT);
    assertThat(noted.error()).contains("kept there as f.conflict");
    assertThat(ufs.get("f")).isEqualTo(ours);
    assertThat(ufs.get("f.conflict")).isEqualTo(theirs);
    ufs.put("f", random(800, 3));
    Outcome taken = export(job, layout, "");
    assertThat(taken.succeeded()).as("what was kept is not replaced").isFalse();
    assertThat(ufs.get("f.conflict")).isEqualTo(theirs);
    assertThat(ufs.get("f")).hasSize(800);
  }

  @Test
  void aDeleteTakesNothingThatIsNotKnown() {
    String version = ufs.put("f", new byte[3]);
    Job.Builder delete = job(JobKind.UFS_DELETE, "f").setChecked(true).setKnownVersion("another");
    assertThat(run(delete).code()).isEqualTo(ErrorCode.UFS_CONFLICT);
    assertThat(ufs.get("f")).hasSize(3);
    Outcome kept = run(delete.clone().setAside(ByteString.copyFromUtf8("f.conflict")));
    assertThat(kept.succeeded()).isTrue();
    assertThat(kept.code()).isEqualTo(ErrorCode.UFS_CONFLICT);
    assertThat(ufs.get("f.conflict")).hasSize(3);
    ufs.put("f", new byte[4]);
    assertThat(run(delete.clone().setKnownVersion(version)).succeeded()).isFalse();
    String now = ufs.put("f", new byte[5]);
    assertThat(run(delete.clone().setKnownVersion(now)).code()).isEqualTo(ErrorCode.OK);
    assertThat(ufs.get("f")).isNull();
  }

  @Test
  void aRenameSaysWhetherItMovedAnotherAndReplacesNothingThatIsNotKnown() {
    Job.Builder rename =
        job(JobKind.UFS_RENAME, "a").setUfsTargetPath(ByteString.copyFromUtf8("b"));
    JobOrder.Builder order =
        JobOrder.newBuilder().setJob(rename).setChecked(true).setKnownVersion("old");
    ufs.put("a", new byte[1]);
    assertThat(executor.run(order.build()).other()).isTrue();
    order.setKnownVersion(ufs.put("a", new byte[2]));
    assertThat(executor.run(order.build()).other()).isFalse();
    rename.setChecked(true);
    order.setKnownVersion(ufs.put("a", new byte[3])).setJob(rename);
    assertThat(executor.run(order.build()).code()).isEqualTo(ErrorCode.UFS_CONFLICT);
    assertThat(ufs.get("b")).hasSize(2);
    order.setJob(rename.setAside(ByteString.copyFromUtf8("b.conflict")));
    Outcome kept = executor.run(order.build());
    assertThat(kept.succeeded()).as(kept.error()).isTrue();
    assertThat(ufs.get("b")).hasSize(3);
    assertThat(ufs.get("b.conflict")).hasSize(2);
    // A store that copies had made the copy, and not deleted the source.
    ufs.put("a", new byte[3]);
    order.setJob(rename.clearAside());
    assertThat(executor.run(order.build()).succeeded()).isTrue();
    assertThat(ufs.get("a")).isNull();
  }

  @Test
  void whatWasToBeReplacedIsNotTakenForWhatWasMoved() {
    Job.Builder rename =
        job(JobKind.UFS_RENAME, "a")
            .setUfsTargetPath(ByteString.copyFromUtf8("b"))
            .setChecked(true)
            .setKnownVersion(ufs.put("b", new byte[2]));
    JobOrder.Builder order =
        JobOrder.newBuilder().setJob(rename).setChecked(true).setKnownVersion("gone");
    assertThat(executor.run(order.build()).code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(ufs.get("b")).hasSize(2);
    order.setKnownVersion(ufs.put("b", new byte[1])); // an earlier attempt moved it
    assertThat(executor.run(order.build()).succeeded()).isTrue();
  }

  @Test
  void whatIsGoneAlreadyIsDeletedAndWhatWasMovedIsRenamed() {
    ufs.failWith(ErrorCode.NOT_FOUND);
    assertThat(run(job(JobKind.UFS_DELETE, "x")).succeeded()).isTrue();
    ufs.failWith(null);
    ufs.put("a", new byte[3]);
    Job.Builder rename =
        job(JobKind.UFS_RENAME, "a").setUfsTargetPath(ByteString.copyFromUtf8("b"));
    assertThat(run(rename).succeeded()).isTrue();
    assertThat(run(rename).succeeded()).isTrue();
    assertThat(ufs.get("b")).hasSize(3);
    Outcome nowhere = run(job(JobKind.UFS_RENAME, "c"));
    assertThat(nowhere.succeeded()).isFalse();
    assertThat(nowhere.retry()).isFalse();
  }

  @Test
  void aStoreWithoutLinksIsDoneWithThem() {
    assertThat(run(job(JobKind.UFS_SYMLINK, "l")).succeeded()).isTrue();
  }

  @Test
  void loadsAllPagesOfAllBlocks() {
    byte[] object = random(3 * BLOCK - 100, 1);
    String version = ufs.put("f", object);
    FileLayout.Builder layout =
        layout(object.length)
            .setUfs(
                UfsSource.newBuilder()
                    .setMountId(1)
                    .setPath(ByteString.copyFromUtf8("f"))
                    .setVersion(version)
                    .setLengthBytes(object.length));
    for (int i = 0; i < 3; i++) {
      layout.addBlocks(block(i, 1, Math.min(BLOCK, object.length - i * BLOCK)).setFillable(true));
    }
    Outcome outcome = run(job(JobKind.LOAD_FILE, "f"), layout.build());
    assertThat(outcome.succeeded()).as(outcome.error()).isTrue();
    assertThat(here.tiers().get(0).getUsedBytes()).isEqualTo(object.length);
    assertThat(here.keysOf(9)).hasSize(3);
  }

  private FileLayout cached(long inode, String path, byte[] object) {
    FileLayout.Builder layout =
        layout(object.length)
            .setUfs(
                UfsSource.newBuilder()
                    .setMountId(1)
                    .setPath(ByteString.copyFromUtf8(path))
                    .setVersion(ufs.put(path, object))
                    .setLengthBytes(object.length));
    layout.getInodeBuilder().setId(inode);
    for (int i = 0; i * BLOCK < object.length; i++) {
      layout.addBlocks(block(i, 1, Math.min(BLOCK, object.length - i * BLOCK)).setFillable(true));
    }
    return layout.build();
  }

  private Outcome runParts(FileLayout... layouts) {
    Job.Builder job = Job.newBuilder().setId(1).setKind(JobKind.LOAD_PARTS);
    JobOrder.Builder order = JobOrder.newBuilder();
    for (FileLayout layout : layouts) {
      job.addParts(JobPart.newBuilder().setInode(layout.getInode().getId()));
      order.addLayouts(layout.toByteString());
    }
    return executor.run(order.setJob(job).build());
  }

  @Test
  void partsAreLoadedAndDroppedAndWhatFailsDoesNotStopTheRest() {
    FileLayout first = cached(21, "a", random(3 * BLOCK, 2));
    FileLayout second = cached(22, "b", random(10, 3));
    FileLayout gone = FileLayout.getDefaultInstance();
    assertThat(runParts(first, gone, second).succeeded()).isTrue();
    assertThat(here.keysOf(21)).hasSize(3);
    FileLayout third = cached(23, "c", random(5, 4));
    ufs.put("c", random(5, 5)); // another object by now
    FileLayout fourth = cached(24, "d", random(7, 6));
    Outcome some = runParts(third, fourth);
    assertThat(some.succeeded()).isFalse();
    assertThat(some.retry()).isTrue();
    assertThat(some.filesDone()).isEqualTo(1);
    assertThat(some.bytesDone()).isEqualTo(7);
    assertThat(changed).containsExactly(23L);
    Job free =
        Job.newBuilder()
            .setKind(JobKind.FREE_PARTS)
            .addParts(JobPart.newBuilder().setInode(21))
            .addParts(JobPart.newBuilder().setInode(99))
            .build();
    assertThat(executor.run(JobOrder.newBuilder().setJob(free).build()).succeeded()).isTrue();
    assertThat(here.keysOf(21)).isEmpty();
    assertThat(here.keysOf(22)).hasSize(1);
  }
}
