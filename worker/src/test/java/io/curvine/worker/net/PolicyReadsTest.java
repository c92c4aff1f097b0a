/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.Admission;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.CachePolicy;
import io.curvine.worker.store.BlockKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads of files that a policy says something of. */
class PolicyReadsTest {
  private static final BlockKey KEY = new BlockKey(5, 2, 0);

  @TempDir Path dir;

  private final byte[] object = new byte[4 * PAGE_SIZE_BYTES + 777];
  private final List<String> heard = new ArrayList<>();
  private DataNode node;
  private RawClient client;
  private BlockRequestExtra source;

  @BeforeEach
  void start() throws IOException {
    new Random(1).nextBytes(object);
    node = new DataNode(dir, DataNode.TIMEOUT);
    node.server.listen((block, wholeFile) -> heard.add(block + " " + wholeFile));
    source = node.source("f", object);
    client = new RawClient(node.address());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    node.awaitNothingHeld();
    node.close();
  }

  private void read(int offset, int length, CachePolicy.Builder policy) throws IOException {
    BlockRequestExtra extra =
        source.toBuilder().setUfs(source.getUfs().toBuilder().setCache(policy)).build();
    assertThat(client.readRanges(KEY, List.of(new int[] {offset, length}), 0, extra))
        .isEqualTo(Arrays.copyOfRange(object, offset, offset + length));
  }

  private static CachePolicy.Builder admit(Admission admission) {
    return CachePolicy.newBuilder().setAdmission(admission);
  }

  private long keptBytes() {
    return node.store.tiers().get(0).getKeptBytes();
  }

  @Test
  void whatIsNeverAdmittedGoesThrough() throws IOException {
    read(10, 100, admit(Admission.ADMIT_NEVER).setWholeFile(true));
    read(10, 100, admit(Admission.ADMIT_NEVER));
    assertThat(node.store.keys()).isEmpty();
    assertThat(node.filler.fetchedBytes()).isEqualTo(200);
    assertThat(heard).isEmpty();
  }

  @Test
  void whatIsHereAlreadyIsUsedAndNothingIsAdded() throws IOException {
    read(10, 100, CachePolicy.newBuilder());
    long used = node.store.tiers().get(0).getUsedBytes();
    long fetched = node.filler.fetchedBytes();
    read(PAGE_SIZE_BYTES - 50, 100, admit(Admission.ADMIT_NEVER));
    assertThat(node.filler.fetchedBytes()).isEqualTo(fetched + 50);
    assertThat(node.store.tiers().get(0).getUsedBytes()).isEqualTo(used);
  }

  @Test
  void theRequestsOfAFirstReadAreNotKept() throws IOException {
    read(0, 100, admit(Admission.ADMIT_SECOND));
    read(100, 100, admit(Admission.ADMIT_SECOND));
    assertThat(node.store.keys()).isEmpty();
  }

  @Test
  void whatIsPinnedIsKeptAlsoWhereItWasHereBefore() throws IOException {
    read(0, 100, CachePolicy.newBuilder());
    assertThat(keptBytes()).isZero();
    read(PAGE_SIZE_BYTES, 100, CachePolicy.newBuilder().setPinned(true));
    assertThat(keptBytes()).isEqualTo(2 * PAGE_SIZE_BYTES);
  }

  @Test
  void whoFetchesMoreHearsOfABlockOnce() throws IOException {
    read(0, 100, CachePolicy.newBuilder().setWholeFile(true));
    read(PAGE_SIZE_BYTES, 100, CachePolicy.newBuilder().setWholeFile(true));
    assertThat(heard).containsExactly(KEY + " true");
    node.store.drop(KEY);
    read(0, 100, CachePolicy.newBuilder().setCopies(2));
    assertThat(heard).containsExactly(KEY + " true", KEY + " false");
    node.store.drop(KEY);
    read(0, 100, CachePolicy.newBuilder().setCopies(1));
    assertThat(heard).hasSize(2);
  }
}
