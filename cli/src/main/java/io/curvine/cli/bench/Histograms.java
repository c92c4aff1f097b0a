/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** Latencies, and how processes tell each other of them. Stateless. */
public final class Histograms {
  private static final long LATENCY_MAX_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final int DIGITS = 3;

  private Histograms() {}

  /** An empty one for nanoseconds, up to an hour. */
  public static Histogram ofNanos() {
    return new Histogram(LATENCY_MAX_NANOS, DIGITS);
  }

  /** Adds one to what {@link #ofNanos} made; one over an hour counts as an hour. */
  public static void record(Histogram latency, long nanos) {
    latency.recordValue(Math.max(0, Math.min(LATENCY_MAX_NANOS, nanos)));
  }

  /** As text. */
  public static String encode(Histogram latency) {
    ByteBuffer bytes = ByteBuffer.allocate(latency.getNeededByteBufferCapacity());
    int length = latency.encodeIntoCompressedByteBuffer(bytes);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalArgumentException where it is something else
   */
  public static Histogram decode(String text) {
    try {
      return Histogram.decodeFromCompressedByteBuffer(
          ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("a histogram that cannot be read", e);
    }
  }
}
