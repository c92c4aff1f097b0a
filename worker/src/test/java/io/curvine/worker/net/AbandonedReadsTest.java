/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.worker.MemoryUfs.Opened;
import io.curvine.worker.store.BlockKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For a client that is gone nothing is begun. */
class AbandonedReadsTest {
  private static final int THREADS = 2;
  private static final int ABANDONED = 20;

  @TempDir Path dir;

  private final CountDownLatch gate = new CountDownLatch(1);
  private final byte[] object = {1, 2, 3};
  private DataNode node;
  private BlockRequestExtra source;

  @BeforeEach
  void start() throws IOException {
    node = new DataNode(dir, DataNode.TIMEOUT);
    source = node.source("f", object);
  }

  @AfterEach
  void stop() throws IOException {
    gate.countDown();
    node.close();
  }

  private static BlockKey key(int inode) {
    return new BlockKey(inode, 1, 0);
  }

  private void ask(RawClient client, int from, int to) throws IOException {
    for (int inode = from; inode < to; inode++) {
      client.send(RawClient.request(BlockOp.READ, inode, key(inode), 0, object.length, source));
    }
  }

  private void assertAnswers(RawClient client, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      assertThat(client.receive().payload()).isEqualTo(object);
    }
  }

  @Test
  void noFillIsBegunForIt() throws IOException {
    CountDownLatch opening = new CountDownLatch(THREADS);
    node.ufs.beforeOpen(
        () -> {
          opening.countDown();
          StalledClientsTest.pass(gate);
        });
    try (RawClient stays = new RawClient(node.address())) {
      ask(stays, 0, THREADS); // the threads of fills are taken
      StalledClientsTest.pass(opening);
      RawClient gone = new RawClient(node.address());
      ask(gone, 100, 100 + ABANDONED);
      ask(stays, 100, 101);
      int blocks = THREADS + ABANDONED;
      DataNode.await("the fills are queued", () -> node.store.keys().size() == blocks);
      gone.close();
      node.awaitConnections(1);
      gate.countDown();
      assertAnswers(stays, THREADS + 1); // the page that two wanted is filled for the other
      ask(stays, 200, 200 + THREADS); // behind all that were queued
      assertAnswers(stays, THREADS);
    }
    node.awaitNothingHeld();
    assertThat(node.ufs.opened()).containsOnly(new Opened("f", 0, object.length));
    assertThat(node.ufs.opened()).hasSize(THREADS + 1 + THREADS);
  }

  @Test
  void noReadIsBegunThatWaitsForAThread() throws IOException {
    AtomicInteger begun = new AtomicInteger();
    CountDownLatch beginning = new CountDownLatch(THREADS);
    node.onLeaseCheck =
        () -> {
          if (Thread.currentThread().getName().matches("data-\\d+-\\d+")) {
            begun.incrementAndGet();
            beginning.countDown();
            StalledClientsTest.pass(gate);
          }
        };
    try (RawClient stays = new RawClient(node.address())) {
      ask(stays, 0, THREADS);
      StalledClientsTest.pass(beginning);
      RawClient gone = new RawClient(node.address());
      ask(gone, 100, 100 + ABANDONED);
      DataNode.await(
          "reads are queued", () -> node.server.executor().getQueue().size() == ABANDONED);
      gone.close();
      node.awaitConnections(1);
      gate.countDown();
      assertAnswers(stays, THREADS);
      DataNode.await("nothing is queued", () -> node.server.executor().getQueue().isEmpty());
    }
    node.awaitNothingHeld();
    assertThat(begun).hasValue(THREADS);
    assertThat(node.store.keys()).hasSize(THREADS);
  }
}
