/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.bench.CpuClock;
import io.curvine.cli.output.Json;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What the machine gives one thread without anybody's server. Immutable.
 *
 * @param loopbackMibPerSecond over one TCP connection to itself
 * @param diskMibPerSecond written to a file, until it is on the disk
 * @param otherBusy processors that other programs had meanwhile
 */
public record MachineLimits(
    double loopbackMibPerSecond, double diskMibPerSecond, double otherBusy) {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int LOOPBACK_CHUNKS = 2_048;
  private static final int DISK_CHUNKS = 512;
  private static final double TICKS_PER_SECOND = 100;

  /** Measures; takes a second or two. */
  public static MachineLimits measure(Path directory) throws IOException {
    List<Long> self = List.of(ProcessHandle.current().pid());
    CpuClock before = CpuClock.read(self);
    double busy = busySeconds();
    long began = System.nanoTime();
    double loopback = LOOPBACK_CHUNKS / loopbackSeconds();
    double disk = DISK_CHUNKS / diskSeconds(directory);
    double seconds = (System.nanoTime() - began) / 1e9;
    double own =
        CpuClock.read(self).microsSince(before).values().stream()
                .mapToDouble(Double::doubleValue)
                .sum()
            / 1e6;
    return new MachineLimits(loopback, disk, Math.max(0, (busySeconds() - busy - own) / seconds));
  }

  /** Processor time of all programs since the machine started; proc(5). */
  private static double busySeconds() throws IOException {
    String[] words = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +");
    long ticks = 0;
    for (int field : new int[] {1, 2, 3, 6, 7}) { // user, nice, system, irq, softirq
      ticks += Long.parseLong(words[field]);
    }
    return ticks / TICKS_PER_SECOND;
  }

  private static double loopbackSeconds() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel from = SocketChannel.open(server.getLocalAddress());
          SocketChannel to = server.accept()) {
        long began = System.nanoTime();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(from));
        receive(to);
        sending.join();
        return (System.nanoTime() - began) / 1e9;
      } catch (CompletionException e) {
        throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      }
    }
  }

  private static void send(SocketChannel to) {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    try {
      for (int i = 0; i < LOOPBACK_CHUNKS; i++) {
        for (chunk.clear(); chunk.hasRemaining(); ) {
          to.write(chunk);
        }
      }
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private static void receive(SocketChannel from) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    for (int i = 0; i < LOOPBACK_CHUNKS; i++) {
      for (chunk.clear(); chunk.hasRemaining(); ) {
        if (from.read(chunk) < 0) {
          throw new EOFException("the connection to itself ended early");
        }
      }
    }
  }

  private static double diskSeconds(Path directory) throws IOException {
    Path file = Files.createTempFile(directory, "disk-limit-", ".tmp");
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long began = System.nanoTime();
      for (int i = 0; i < DISK_CHUNKS; i++) {
        for (chunk.clear(); chunk.hasRemaining(); ) {
          out.write(chunk);
        }
      }
      out.force(true);
      return (System.nanoTime() - began) / 1e9;
    } finally {
      Files.delete(file);
    }
  }

  /** A line for people. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "the machine: loopback %,.0f MiB/s, disk %,.0f MiB/s written; %d processors, of which other"
            + " programs had %.1f%n",
        loopbackMibPerSecond,
        diskMibPerSecond,
        Runtime.getRuntime().availableProcessors(),
        otherBusy);
  }

  /** For programs. */
  public ObjectNode toJson() {
    return Json.object()
        .put("loopbackMibPerSecond", loopbackMibPerSecond)
        .put("diskMibPerSecond", diskMibPerSecond)
        .put("otherBusyProcessors", otherBusy);
  }
}
