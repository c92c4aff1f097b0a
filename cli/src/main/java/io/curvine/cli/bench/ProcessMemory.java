/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process of this machine has in memory, in bytes. Immutable.
 *
 * @param resident all of it
 * @param anonymous heap, direct memory, stacks, code
 * @param files pages of files that it maps: of its program, and of its tables
 * @param shared of tmpfs and the like
 */
public record ProcessMemory(long resident, long anonymous, long files, long shared) {
  private static final long KIB = 1024;

  public static final ProcessMemory NONE = new ProcessMemory(0, 0, 0, 0);

  /** Reads it now, as the kernel counts it. */
  public static ProcessMemory read(long pid) throws IOException {
    List<String> status = Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"));
    return new ProcessMemory(
        bytes(status, "VmRSS:"),
        bytes(status, "RssAnon:"),
        bytes(status, "RssFile:"),
        bytes(status, "RssShmem:"));
  }

  /** The most that was resident since the process began. */
  public static long mostResident(long pid) throws IOException {
    return bytes(Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")), "VmHWM:");
  }

  private static long bytes(List<String> status, String name) throws IOException {
    for (String line : status) {
      String[] words = line.split("\\s+");
      if (words[0].equals(name)) {
        return Long.parseLong(words[1]) * KIB;
      }
    }
    throw new IOException("the kernel does not tell " + name);
  }

  /** The one that has more resident. */
  public ProcessMemory max(ProcessMemory other) {
    return other.resident > resident ? other : this;
  }
}
