/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same as {@link BadFramesTest} for a fuzzer that sees which code it reaches. Without {@code
 * JAZZER_FUZZ=1} it runs the inputs beside it, those that once found something among them.
 */
class FrameFuzzTest {
  @TempDir static Path dir;

  private static BadClients clients;

  private record FuzzedChoices(FuzzedDataProvider data) implements FrameScript.Choices {
    @Override
    public int below(int bound) {
      return data.consumeInt(0, bound - 1);
    }

    @Override
    public long number() {
      return data.consumeLong();
    }

    @Override
    public byte[] bytes(int length) {
      return data.consumeBytes(length);
    }
  }

  @BeforeAll
  static void start() throws IOException {
    clients = new BadClients(dir);
  }

  @AfterAll
  static void stop() throws IOException {
    clients.close();
  }

  @FuzzTest(maxDuration = "1m")
  void anyBytes(byte[] bytes) throws IOException {
    clients.attack(bytes);
    clients.checkWorker();
  }

  @FuzzTest(maxDuration = "1m")
  void anyFramesInAnyOrder(FuzzedDataProvider data) throws IOException {
    clients.attack(clients.script(new FuzzedChoices(data)));
    clients.checkWorker();
  }
}
