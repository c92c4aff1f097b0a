/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that stop and come back: none of those that the system gives to connections, so
 * that none is taken meanwhile. Each test process has a range of its own.
 */
final class TestPorts {
  private static final int FIRST = 12_000;
  private static final int RANGE = 9_000;
  private static final int PROCESSES = 2;

  private static int given = ThreadLocalRandom.current().nextInt(RANGE);

  private TestPorts() {}

  /** One that is free, and was not given before. */
  static synchronized int next() {
    int process = Integer.getInteger("curvine.fork", 1) - 1;
    for (int attempt = 0; attempt < RANGE; attempt++) {
      int port = FIRST + process % PROCESSES * RANGE + given++ % RANGE;
      if (isFree(port)) {
        return port;
      }
    }
    throw new AssertionError("no free ports");
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort() == port;
    } catch (IOException e) {
      return false;
    }
  }
}
