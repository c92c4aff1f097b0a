/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random writes, cuts and reopenings beside a plain array, with workers that fail now and then. */
@Timeout(120)
class FileWriterModelTest {
  private static final int SIZE_MAX = 7 << 20;
  private static final int STEPS = 150;

  @Test
  void filesAreWhatWasWritten() throws IOException {
    run(ThreadLocalRandom.current().nextLong(), false);
  }

  @Test
  void filesAreWhatWasWrittenWhileWorkersFail() throws IOException {
    run(ThreadLocalRandom.current().nextLong(), true);
  }

  private static void run(long seed, boolean faults) throws IOException {
    System.out.println("seed " + seed + ", faults " + faults);
    Random random = new Random(seed);
    try (FakeCluster cluster = new FakeCluster(4)) {
      cluster.master.blockSizeBytes = (1 + random.nextInt(2)) << 20;
      cluster.master.replicas = 2;
      byte[] model = FileReaderTest.random(random.nextInt(SIZE_MAX), seed);
      cluster.master.ufsFile("/f", model, "v1");
      if (faults) {
        Random when = new Random(seed + 1);
        cluster
            .workers
            .values()
            .forEach(
                worker -> {
                  worker.hangUp = header -> chance(when, 150);
                  worker.refuse =
                      header ->
                          header.op() != BlockOp.READ && chance(when, 200) ? ErrorCode.BUSY : null;
                });
      }
      CurvineClient client = cluster.client();
      int left = STEPS;
      while (left > 0) {
        FileWriter writer = client.openForWrite(Refs.path("/f"), false);
        int steps = 1 + random.nextInt(40);
        for (int i = 0; i < steps; i++) {
          model = step(writer, model, random);
        }
        left -= steps;
        writer.close();
        check(client, model, seed);
      }
    }
  }

  private static boolean chance(Random random, int oneIn) {
    synchronized (random) {
      return random.nextInt(oneIn) == 0;
    }
  }

  private static byte[] step(FileWriter writer, byte[] model, Random random) throws IOException {
    switch (random.nextInt(12)) {
      case 0 -> writer.flush();
      case 1 -> writer.sync();
      case 2 -> {
        int length = random.nextInt(SIZE_MAX);
        writer.truncate(length);
        return Arrays.copyOf(model, length);
      }
      default -> {
        int position = random.nextInt(SIZE_MAX);
        int length = Math.min(SIZE_MAX - position, 1 + random.nextInt(1 << random.nextInt(21)));
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        writer.write(position, ByteBuffer.wrap(bytes));
        byte[] grown =
            position + length > model.length
                ? Arrays.copyOf(model, position + length)
                : model.clone();
        System.arraycopy(bytes, 0, grown, position, length);
        assertThat(writer.length()).isEqualTo(grown.length);
        return grown;
      }
    }
    return model;
  }

  private static void check(CurvineClient client, byte[] model, long seed) throws IOException {
    try (CurvineInputStream in = client.open("/f")) {
      byte[] read = in.readAllBytes();
      assertThat(Arrays.mismatch(read, model)).as("first difference, seed %d", seed).isEqualTo(-1);
    }
  }
}
