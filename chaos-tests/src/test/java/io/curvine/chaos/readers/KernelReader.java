/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import io.curvine.chaos.readers.Content.TornException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Reads files through the mount of a kernel, a call each. For one thread. */
public final class KernelReader {
  /** A kernel asks for no more at once, so it is the most that can be of one version by itself. */
  private static final int READ_MAX_BYTES = 64 << 10;

  private static final int READS_OF_ONE = 100;
  private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();

  private final History history;
  private final List<Mounted> mounts;
  private final Path point;
  private final Random random;

  /**
   * A reader of all mounts.
   *
   * @param point where the root of the namespace is mounted
   */
  public KernelReader(History history, List<Mounted> mounts, Path point, long seed) {
    this.history = history;
    this.mounts = mounts;
    this.point = point;
    this.random = new Random(seed);
  }

  /** One more read. */
  public void step() {
    Mounted mounted = mounts.get(random.nextInt(mounts.size()));
    String path = mounted.at(Keys.any(Keys.owned(), random));
    long begun = System.nanoTime();
    ObjectState seen = read(path);
    long ended = System.nanoTime();
    if (seen != null) {
      history.saw(new Sight(path, true, begun, ended, seen));
    }
  }

  /**
   * Reads a file again and again for a while, as it was opened: whatever such a reader is given,
   * the kernel must not keep for those who open the file later.
   */
  public void stepOfOneFile() {
    Mounted mounted = mounts.get(random.nextInt(mounts.size()));
    String path = mounted.at(Keys.any(Keys.owned(), random));
    try (FileChannel file = open(path)) {
      for (int i = 0; i < READS_OF_ONE; i++) {
        ByteBuffer into = ByteBuffer.allocate(READ_MAX_BYTES);
        int read = file.read(into, 0);
        if (read >= Content.LENGTH_MIN_BYTES) {
          var unused = Content.stamp(Arrays.copyOf(into.array(), read), 0);
          history.count("mount: read again");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (IOException e) {
      history.count("mount: not read again");
    } catch (TornException e) {
      history.wrong("torn: " + path + " through the mount, open for long: " + e.getMessage());
    }
  }

  private FileChannel open(String path) throws IOException {
    return FileChannel.open(point.resolve(path.substring(1)), StandardOpenOption.READ);
  }

  /** Null where it could not be read, or gave too little to tell what it is of. */
  private ObjectState read(String path) {
    try (FileChannel file = open(path)) {
      long places = file.size() - Content.LENGTH_MIN_BYTES;
      long from = places > 0 && random.nextBoolean() ? random.nextLong(places) : 0;
      ByteBuffer into = ByteBuffer.allocate(READ_MAX_BYTES);
      int read = file.read(into, from);
      if (read <= 0 && from == 0) {
        return ObjectState.EMPTY;
      }
      if (read < Content.LENGTH_MIN_BYTES) {
        history.count("mount: shorter meanwhile");
        return null;
      }
      history.count("mount: read");
      return Content.stamp(Arrays.copyOf(into.array(), read), from).state();
    } catch (NoSuchFileException e) {
      return ObjectState.ABSENT;
    } catch (IOException e) {
      history.count("mount: not read, " + e.getMessage().replaceFirst(".*: ", ""));
      return null;
    } catch (TornException e) {
      history.wrong("torn: " + path + " through the mount: " + e.getMessage());
      return null;
    }
  }
}
