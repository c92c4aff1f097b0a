/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HolesTest {
  private static final int MIB = 1 << 20;

  private FakeCluster cluster;
  private CurvineClient client;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(1);
    cluster.master.blockSizeBytes = MIB;
    client = cluster.client();
    client.create("/f", CreateOptions.defaults()).close();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  /** A file of ten blocks: data in the whole third, the whole fourth and the begin of the sixth. */
  private FileReader file() throws IOException {
    try (FileWriter writer = client.openForWrite(Refs.path("/f"), false)) {
      writer.write(2 * MIB, ByteBuffer.wrap(new byte[2 * MIB]));
      writer.write(5 * MIB, ByteBuffer.wrap(new byte[100]));
      writer.truncate(10 * MIB);
    }
    return client.open(Refs.path("/f"));
  }

  @Test
  void dataBeginWhereABlockWasWritten() throws IOException {
    try (FileReader reader = file()) {
      assertThat(reader.nextData(0)).isEqualTo(2 * MIB);
      assertThat(reader.nextData(3 * MIB + 5)).isEqualTo(3 * MIB + 5);
      assertThat(reader.nextData(4 * MIB)).isEqualTo(5 * MIB);
      assertThat(reader.nextData(5 * MIB + 99)).isEqualTo(5 * MIB + 99);
      assertThat(reader.nextData(5 * MIB + 100)).isEqualTo(-1);
      assertThat(reader.nextData(10 * MIB)).isEqualTo(-1);
    }
  }

  @Test
  void aHoleBeginsWhereTheLastByteOfABlockWas() throws IOException {
    try (FileReader reader = file()) {
      assertThat(reader.nextHole(7)).isEqualTo(7);
      assertThat(reader.nextHole(2 * MIB)).isEqualTo(4 * MIB);
      assertThat(reader.nextHole(5 * MIB)).isEqualTo(5 * MIB + 100);
      assertThat(reader.nextHole(5 * MIB + 200)).isEqualTo(5 * MIB + 200);
      assertThat(reader.nextHole(10 * MIB)).isEqualTo(-1);
    }
  }

  @Test
  void theEndIsAHole() throws IOException {
    try (FileReader reader = client.open(Refs.path("/f"))) {
      assertThat(reader.nextHole(0)).isEqualTo(-1);
      assertThat(reader.nextData(0)).isEqualTo(-1);
    }
    cluster.master.ufsFile("/whole", new byte[3 * MIB], "v1");
    try (FileReader reader = client.open(Refs.path("/whole"))) {
      assertThat(reader.nextHole(0)).isEqualTo(3 * MIB);
      assertThat(reader.nextHole(3 * MIB)).isEqualTo(-1);
    }
  }
}
