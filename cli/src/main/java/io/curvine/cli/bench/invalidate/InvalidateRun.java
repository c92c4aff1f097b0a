/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.invalidate;

import io.curvine.cli.CliException;
import io.curvine.ufs.UnderFileSystem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Replaces files of a UFS one at a time and reads each through a mount until its new content comes.
 * For one thread.
 *
 * <p>Each content is one number again and again, so that a read tells which version it is of, and
 * whether it is of one at all.
 */
final class InvalidateRun {
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);
  private static final int MIXED = -1;

  private final UnderFileSystem store;
  private final Told told;
  private final Path mounted;
  private final long[] versions;
  private final int bytes;
  private final Random random = new Random(1);
  private final Histogram delayMicros = new Histogram(3);
  private long oldReads;
  private long failedReads;
  private long mixedReads;
  private long wentBack;

  /** Is told of a file when it was written, as the UFS would tell its change source. */
  @FunctionalInterface
  interface Told {
    void written(String name, long bytes) throws IOException;
  }

  /**
   * What was seen.
   *
   * @param delayMicros from the end of a change to the beginning of the first read of its bytes
   * @param oldReads that gave bytes from before the change
   * @param failedReads that gave none
   * @param mixedReads that gave bytes of two versions
   * @param wentBack of an old version after one of the new one
   */
  record Outcome(
      Histogram delayMicros, long oldReads, long failedReads, long mixedReads, long wentBack) {}

  /**
   * A run.
   *
   * @param told returns before a change is said to have ended: its time counts from its write on
   * @param mounted where the UFS is seen in the mount
   * @param bytes of each file
   */
  InvalidateRun(UnderFileSystem store, Told told, Path mounted, int files, int bytes) {
    this.store = store;
    this.told = told;
    this.mounted = mounted;
    this.versions = new long[files];
    this.bytes = bytes / Long.BYTES * Long.BYTES;
  }

  /** Writes all files, and reads each, so that it is cached. */
  void prepare() throws IOException {
    for (int file = 0; file < versions.length; file++) {
      var unused = write(file);
    }
    for (int file = 0; file < versions.length; file++) {
      awaitNew(file, System.nanoTime());
    }
    reset();
  }

  private void reset() {
    delayMicros.reset();
    oldReads = 0;
    failedReads = 0;
    mixedReads = 0;
  }

  Outcome run(int changes) throws IOException {
    for (int i = 0; i < changes; i++) {
      int file = random.nextInt(versions.length);
      awaitNew(file, write(file));
    }
    return new Outcome(delayMicros, oldReads, failedReads, mixedReads, wentBack);
  }

  private static String name(int file) {
    return "f" + file;
  }

  /** Gives when it was written. */
  private long write(int file) throws IOException {
    versions[file]++;
    byte[] content = new byte[bytes];
    ByteBuffer longs = ByteBuffer.wrap(content);
    while (longs.hasRemaining()) {
      longs.putLong(versions[file]);
    }
    var unused = store.write(name(file), bytes, new ByteArrayInputStream(content));
    long written = System.nanoTime();
    told.written(name(file), bytes);
    return written;
  }

  private void awaitNew(int file, long changedAt) throws IOException {
    while (true) {
      long began = System.nanoTime();
      long version = read(file);
      if (version == versions[file]) {
        delayMicros.recordValue(TimeUnit.NANOSECONDS.toMicros(began - changedAt));
        if (read(file) < version) {
          wentBack++;
        }
        return;
      }
      if (began - changedAt > PATIENCE_NANOS) {
        throw new CliException(
            name(file)
                + " is still of version "
                + version
                + " two minutes after version "
                + versions[file]
                + " was written to the UFS");
      }
    }
  }

  /** The version that its bytes are of; 0 where it cannot be read. */
  private long read(int file) {
    ByteBuffer content;
    try {
      content = ByteBuffer.wrap(Files.readAllBytes(mounted.resolve(name(file))));
    } catch (IOException e) {
      failedReads++;
      return 0;
    }
    if (content.remaining() != bytes) {
      failedReads++;
      return 0;
    }
    long version = content.getLong();
    while (content.hasRemaining()) {
      if (content.getLong() != version) {
        mixedReads++;
        return MIXED;
      }
    }
    if (version != versions[file]) {
      oldReads++;
    }
    return version;
  }
}
