/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.BlockVerdict;
import io.curvine.protocol.proto.CachePolicy;
import io.curvine.protocol.proto.EntryDeleted;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FileContentChanged;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.JobOrder;
import io.curvine.protocol.proto.LeadershipClaimed;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.PolicySet;
import io.curvine.protocol.proto.TierUsage;
import io.curvine.protocol.proto.UfsSource;
import io.curvine.protocol.proto.WorkerAddress;
import io.curvine.protocol.rpc.NettyLoops;
import io.curvine.worker.net.PeerReader;
import io.curvine.worker.store.BlockKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerNodeTest {
  private static final BlockKey KEY = new BlockKey(5, 2, 0);

  @TempDir Path dir;

  private final MemoryUfs ufs = new MemoryUfs();
  private final EventLoopGroup loops = NettyLoops.newGroup(1, "test-client");
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private ScriptedMaster follower;
  private ScriptedMaster leader;
  private WorkerNode node;

  @BeforeEach
  void start() throws IOException {
    follower = new ScriptedMaster();
    leader = new ScriptedMaster();
    follower.leaderRpc = leader.address().toString();
    for (ScriptedMaster master : List.of(follower, leader)) {
      master.mounts = List.of(Mount.newBuilder().setId(1).setUri("mem://x").build());
    }
  }

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
    }
    follower.close();
    leader.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private WorkerNode startNode() throws IOException {
    WorkerConfig base =
        WorkerConfig.defaults()
            .withMasters(List.of(follower.address(), leader.address()))
            .withAddress("127.0.0.1", 0)
            .withDirs(List.of("SSD:" + dir.resolve("cache") + ":64MiB"), dir.resolve("id"));
    WorkerConfig quick = TestConfigs.quick(base);
    return WorkerNode.start(quick, registry, (uri, options) -> ufs);
  }

  private void ready() throws Exception {
    node = startNode();
    leader.await(() -> node.ready() && leader.fullKnown && leader.lastBeat.getMountsVersion() == 1);
  }

  private byte[] read(int length) throws IOException {
    BlockRequestExtra extra =
        BlockRequestExtra.newBuilder()
            .setValidBytes(length)
            .setUfs(
                UfsSource.newBuilder()
                    .setMountId(1)
                    .setPath(ByteString.copyFromUtf8("f"))
                    .setVersion("v1")
                    .setLengthBytes(length))
            .build();
    try (PeerReader reader = new PeerReader(loops, Duration.ofSeconds(20))) {
      return reader.read(new HostPort("127.0.0.1", node.dataPort()), KEY, 0, length, extra);
    }
  }

  @Test
  void joinsServesAndReportsToEveryMaster() throws Exception {
    ufs.put("f", new byte[] {1, 2, 3});
    ready();
    assertThat(node.workerId()).isEqualTo(7);
    assertThat(leader.registrations).hasSize(1);
    assertThat(follower.registrations).isEmpty();
    assertThat(leader.lastBeat.getClusterId()).isEqualTo("cluster-a");
    assertThat(read(3)).containsExactly(1, 2, 3);
    for (ScriptedMaster master : List.of(leader, follower)) {
      master.await(() -> master.blocks.contains(KEY.toProto()));
    }
    assertThat(registry.get("curvine.worker.reads.filled").functionCounter().count()).isEqualTo(1);
    node.close();
    assertThat(node.terminated()).isCompleted();
  }

  @Test
  void isFencedWithoutALeaseFromAMajority() throws Exception {
    ufs.put("f", new byte[] {1, 2, 3});
    follower.leaseMs = 0;
    node = startNode();
    leader.await(() -> leader.fullKnown);
    assertThat(node.notReadyReason()).contains("lease");
    assertThatThrownBy(() -> read(3)).hasMessageContaining("no lease");
  }

  @Test
  void refusesTheMastersOfAnotherCluster() throws Exception {
    ready();
    node.close();
    leader.clusterId = "cluster-b";
    follower.clusterId = "cluster-b";
    node = startNode();
    assertThatThrownBy(() -> node.terminated().get(20, TimeUnit.SECONDS))
        .hasMessageContaining("cluster-a")
        .hasMessageContaining("cluster-b");
    assertThat(leader.registrations).hasSize(1);
    assertThat(node.ready()).isFalse();
  }

  @Test
  void dropsWhatTheJournalEndsAndGoesOnFromItsCursor() throws Exception {
    ufs.put("f", new byte[] {1, 2, 3});
    ready();
    read(3);
    leader.await(() -> leader.blocks.contains(KEY.toProto()));
    both(
        Event.newBuilder()
            .setFileContentChanged(FileContentChanged.newBuilder().setInode(5).setVersion(3)));
    leader.await(() -> !leader.blocks.contains(KEY.toProto()));
    leader.await(() -> leader.lastBeat.getFeedOffset() == 1);
    node.close();
    both(Event.newBuilder().setLeadershipClaimed(LeadershipClaimed.getDefaultInstance()));
    ready();
    leader.await(() -> leader.lastBeat.getFeedOffset() == 2);
  }

  private void both(Event.Builder event) {
    leader.journal(event);
    follower.journal(event);
  }

  @Test
  void asksAboutFilesThatMayBeGone() throws Exception {
    ufs.put("f", new byte[] {1, 2, 3});
    ready();
    read(3);
    BlockId block = KEY.toProto();
    leader.await(() -> leader.blocks.contains(block));
    leader.verdicts.put(block, BlockVerdict.DROP);
    both(Event.newBuilder().setEntryDeleted(EntryDeleted.newBuilder().setInode(5)));
    leader.await(() -> !leader.blocks.contains(block));
  }

  @Test
  void checksAllBlocksWhereTheJournalIsGone() throws Exception {
    ufs.put("f", new byte[] {1, 2, 3});
    ready();
    read(3);
    leader.await(() -> leader.blocks.contains(KEY.toProto()));
    node.close();
    leader.verdicts.put(KEY.toProto(), BlockVerdict.DROP);
    leader.retainedFrom = 100;
    follower.retainedFrom = 100;
    ready();
    leader.await(() -> leader.lastBeat.getFeedOffset() == 100);
    leader.await(() -> !leader.blocks.contains(KEY.toProto()));
  }

  private long keptBytes() {
    return leader.lastBeat.getTiersList().stream().mapToLong(TierUsage::getKeptBytes).sum();
  }

  @Test
  void keepsWhatTheMastersSayIsPinnedAsSoonAsAPolicyChanges() throws Exception {
    ufs.put("f", new byte[] {1, 2, 3});
    ready();
    read(3);
    leader.await(() -> leader.blocks.contains(KEY.toProto()));
    leader.pinned.add(KEY.toProto());
    both(Event.newBuilder().setPolicySet(PolicySet.newBuilder().setInode(1)));
    leader.await(() -> keptBytes() == 3);
    leader.pinned.clear();
    both(Event.newBuilder().setPolicySet(PolicySet.newBuilder().setInode(1)));
    leader.await(() -> keptBytes() == 0);
    leader.verdicts.put(KEY.toProto(), BlockVerdict.SURPLUS);
    both(Event.newBuilder().setPolicySet(PolicySet.newBuilder().setInode(1)));
    leader.await(() -> !leader.blocks.contains(KEY.toProto()));
  }

  /** A file of three blocks of which this worker is to have two, and it is the other worker too. */
  private FileLayout wholeFile() {
    FileLayout.Builder layout =
        FileLayout.newBuilder()
            .setInode(
                Inode.newBuilder()
                    .setId(KEY.inode())
                    .setBlockSizeBytes(PAGE_SIZE_BYTES)
                    .setLengthBytes(3L * PAGE_SIZE_BYTES))
            .setUfs(source(3 * PAGE_SIZE_BYTES));
    for (int index = 0; index < 3; index++) {
      BlockLocation.Builder location =
          BlockLocation.newBuilder()
              .setWorkerId(index == 2 ? 8 : node.workerId())
              .setAddress(
                  WorkerAddress.newBuilder().setHost("127.0.0.1").setDataPort(node.dataPort()));
      layout.addBlocks(
          BlockLayout.newBuilder()
              .setIndex(index)
              .setVersion(KEY.version())
              .setValidBytes(PAGE_SIZE_BYTES)
              .setFillable(true)
              .addLocations(location));
    }
    return layout.build();
  }

  private static UfsSource source(int length) {
    return UfsSource.newBuilder()
        .setMountId(1)
        .setPath(ByteString.copyFromUtf8("f"))
        .setVersion("v1")
        .setLengthBytes(length)
        .setCache(CachePolicy.newBuilder().setWholeFile(true))
        .build();
  }

  @Test
  void fetchesTheRestOfAFileThatIsWantedWhole() throws Exception {
    byte[] object = new byte[3 * PAGE_SIZE_BYTES];
    object[object.length - 1] = 7;
    ufs.put("f", object);
    ready();
    leader.layouts.put(KEY.inode(), wholeFile());
    BlockRequestExtra extra =
        BlockRequestExtra.newBuilder()
            .setValidBytes(PAGE_SIZE_BYTES)
            .setUfs(source(object.length))
            .build();
    try (PeerReader reader = new PeerReader(loops, Duration.ofSeconds(20))) {
      HostPort worker = new HostPort("127.0.0.1", node.dataPort());
      reader.read(worker, KEY, 0, 1, extra);
      for (int index = 1; index < 3; index++) {
        BlockKey key = new BlockKey(KEY.inode(), KEY.version(), index);
        leader.await(() -> leader.blocks.contains(key.toProto()));
      }
      BlockKey last = new BlockKey(KEY.inode(), KEY.version(), 2);
      byte[] end =
          reader.read(worker, last, PAGE_SIZE_BYTES - 1, 1, BlockRequestExtra.getDefaultInstance());
      assertThat(end).containsExactly(7);
    }
  }

  @Test
  void doesJobsAndSaysHowTheyEnded() throws Exception {
    ufs.put("f", new byte[] {1, 2, 3});
    ready();
    leader.order(
        JobOrder.newBuilder()
            .setJob(
                Job.newBuilder()
                    .setId(11)
                    .setKind(JobKind.UFS_DELETE)
                    .setMountId(1)
                    .setUfsPath(ByteString.copyFromUtf8("f")))
            .build());
    leader.await(() -> !leader.finished.isEmpty());
    assertThat(leader.finished.get(0).getJobId()).isEqualTo(11);
    assertThat(leader.finished.get(0).getSucceeded()).isTrue();
    assertThat(ufs.get("f")).isNull();
  }
}
