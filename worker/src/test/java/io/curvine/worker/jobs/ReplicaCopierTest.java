/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.jobs;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.block.WriteAck;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.CopyOrder;
import io.curvine.protocol.proto.WorkerAddress;
import io.curvine.worker.MemoryUfs;
import io.curvine.worker.fill.PageFiller;
import io.curvine.worker.net.DataServer;
import io.curvine.worker.net.PeerReader;
import io.curvine.worker.store.Block;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockState;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.BlockWrite;
import io.curvine.worker.store.StoreFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaCopierTest {
  private static final BlockKey KEY = new BlockKey(9, 5, 1);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir Path dir;

  private final MemoryUfs ufs = new MemoryUfs();
  private BlockStore here;
  private BlockStore there;
  private PageFiller filler;
  private DataServer server;
  private PeerReader peers;
  private ReplicaCopier copier;
  private final List<BlockKey> named = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    here = StoreFixture.open(dir.resolve("here"), 64L << 20);
    there = StoreFixture.open(dir.resolve("there"), 64L << 20);
    filler = new PageFiller(mount -> ufs, 2, 8 << 20);
    server = new DataServer(there, filler, () -> Long.MAX_VALUE, 2, TIMEOUT, TIMEOUT);
    server.listen(new HostPort("127.0.0.1", 0));
    peers = new PeerReader(server.loops(), TIMEOUT);
    copier =
        new ReplicaCopier(new FileContent(here, filler, peers), here, new Throttle(0), named::add);
  }

  @AfterEach
  void stop() throws IOException {
    peers.close();
    server.close();
    filler.close();
    here.close();
    there.close();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static BlockLocation at(int port) {
    return BlockLocation.newBuilder()
        .setHolds(true)
        .setWorkerId(2)
        .setAddress(WorkerAddress.newBuilder().setHost("127.0.0.1").setDataPort(port))
        .build();
  }

  private CopyOrder order(int length, int... ports) {
    CopyOrder.Builder order = CopyOrder.newBuilder().setBlock(KEY.toProto()).setLengthBytes(length);
    for (int port : ports) {
      order.addSources(at(port));
    }
    return order.build();
  }

  private byte[] contentHere(int length) throws IOException {
    byte[] bytes = new byte[length];
    try (Block block = here.acquire(KEY).orElseThrow()) {
      block.read(ByteBuffer.wrap(bytes), 0);
    }
    return bytes;
  }

  @Test
  void theBlockIsHereAndStays() throws IOException {
    byte[] bytes = random(2 * PAGE_SIZE_BYTES + 77);
    StoreFixture.write(there, KEY, bytes);
    int nobody = 1;
    copier.copy(order(bytes.length, nobody, server.port()));
    assertThat(here.stateOf(KEY)).contains(BlockState.PINNED);
    assertThat(named).containsExactly(KEY);
    assertThat(contentHere(bytes.length)).isEqualTo(bytes);
    assertThatThrownBy(() -> copier.copy(order(bytes.length, server.port())))
        .hasMessageContaining("is here already");
    assertThat(contentHere(bytes.length)).isEqualTo(bytes);
    copier.drop(KEY);
    assertThat(here.keys()).isEmpty();
  }

  @Test
  void whatCannotBeHadWholeDoesNotStay() throws IOException {
    StoreFixture.write(there, KEY, random(PAGE_SIZE_BYTES));
    assertThatThrownBy(() -> copier.copy(order(PAGE_SIZE_BYTES + 1, server.port())))
        .isInstanceOf(IOException.class);
    assertThat(here.keys()).isEmpty();
    assertThatThrownBy(() -> copier.copy(order(5))).hasMessageContaining("nobody has");
    assertThat(here.keys()).isEmpty();
  }

  @Test
  void whatAnEarlierWriterLeftIsReplaced() throws IOException {
    byte[] bytes = random(1000);
    StoreFixture.write(there, KEY, bytes);
    StoreFixture.write(here, KEY, random(5000));
    here.committed(KEY, false);
    copier.copy(order(bytes.length, server.port()));
    assertThat(here.stateOf(KEY)).contains(BlockState.PINNED);
    assertThat(contentHere(bytes.length)).isEqualTo(bytes);
  }

  @Test
  void whatIsBeingWrittenHereIsLeftAlone() throws IOException {
    StoreFixture.write(there, KEY, random(1000));
    try (BlockWrite write = here.openForWrite(KEY, 0, WriteAck.PAGE_CACHE)) {
      assertThatThrownBy(() -> copier.copy(order(1000, server.port())))
          .hasMessageContaining("is here already, WRITING");
      assertThat(write.block().state()).isEqualTo(BlockState.WRITING);
    }
    assertThat(here.stateOf(KEY)).contains(BlockState.WRITING);
  }

  @Test
  void whatIsBeingWrittenThereIsNoReplicaYet() throws IOException {
    try (BlockWrite write = there.openForWrite(KEY, 0, WriteAck.PAGE_CACHE)) {
      assertThatThrownBy(() -> copier.copy(order(1000, server.port())))
          .hasMessageContaining("is being written and has 0 bytes");
      assertThat(write.block().state()).isEqualTo(BlockState.WRITING);
    }
    assertThat(here.keys()).isEmpty();
  }
}
