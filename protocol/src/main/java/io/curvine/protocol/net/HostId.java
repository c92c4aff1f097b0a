/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whether two processes are on the same running kernel. Stateless. */
public final class HostId {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final String OWN = read();

  private HostId() {}

  /** Of this host until it is started again; empty where it cannot be told. */
  public static String own() {
    return OWN;
  }

  private static String read() {
    try {
      return Files.isReadable(BOOT_ID) ? Files.readString(BOOT_ID).trim() : "";
    } catch (IOException e) {
      return ""; // nobody is taken to be on the same host then
    }
  }
}
