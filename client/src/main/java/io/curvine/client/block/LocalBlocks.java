/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client.block;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.LocalBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and writes the files of blocks of workers on this host. Thread-safe. Whatever cannot be
 * done so goes through the worker.
 */
public final class LocalBlocks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalBlocks.class);

  /** A block that is read whole at once, and is no longer, is first read through its worker. */
  private static final int SMALL_MAX_BYTES = 128 << 10;

  private static final long UNWRITABLE_FOR_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final BlockConnections connections;
  private final boolean wanted;
  private final boolean verify;
  private final Map<HostPort, LocalWorker> workers = new ConcurrentHashMap<>();

  /** By {@link System#nanoTime}. */
  private final Map<HostPort, Long> unwritableUntil = new ConcurrentHashMap<>();

  /**
   * None yet.
   *
   * @param wanted false: nothing is read so
   * @param verify compare what is read with its checksums
   */
  public LocalBlocks(BlockConnections connections, boolean wanted, boolean verify) {
    this.connections = connections;
    this.wanted = wanted;
    this.verify = verify;
  }

  /** The name of a block. */
  public record Name(long inode, long version, int index) {}

  /**
   * Fills the buffer from an offset of a block on.
   *
   * @param whole it is all of the block
   * @return false where it has to be read through the worker; the buffer is as it was
   */
  public boolean read(HostPort worker, Name block, long offset, ByteBuffer into, boolean whole) {
    boolean perhapsOnce = whole && into.remaining() <= SMALL_MAX_BYTES;
    return attempt(
        worker, local -> !(perhapsOnce && local.isNew(block)) && local.read(block, offset, into));
  }

  /** Whether a block can be read so; the worker may be asked. */
  public boolean has(HostPort worker, Name block) {
    return attempt(worker, local -> local.has(block));
  }

  /** Whether files of a worker's blocks may be written to by this process. */
  public boolean mayWrite(HostPort worker) {
    Long until = unwritableUntil.get(worker);
    return wanted
        && (until == null || System.nanoTime() - until >= 0)
        && connections.isLocal(worker);
  }

  /**
   * Opens the file of a block that is to be written.
   *
   * @param answer of its worker to OPEN_WRITE
   * @return null where the block has to be written through the worker
   */
  public WritableBlock openToWrite(HostPort worker, Name block, ByteBuffer answer) {
    if (!answer.hasRemaining()) {
      return null;
    }
    try {
      return WritableBlock.open(block, LocalBlock.parseFrom(answer));
    } catch (IOException | RuntimeException e) {
      notWritable(worker, e);
      return null;
    }
  }

  /** Writing to a file has failed: for a while the worker does that. */
  public void notWritable(HostPort worker, Exception cause) {
    LOG.debug("blocks of worker {} are written through it: {}", worker, cause.toString());
    unwritableUntil.put(worker, System.nanoTime() + UNWRITABLE_FOR_NANOS);
  }

  private interface Attempt {
    boolean on(LocalWorker local) throws IOException;
  }

  private boolean attempt(HostPort worker, Attempt attempt) {
    LocalWorker local = of(worker);
    try {
      return local != null && attempt.on(local);
    } catch (IOException e) {
      giveUp(worker, local, e);
      return false;
    }
  }

  /** Null: nothing of it is read so. */
  private LocalWorker of(HostPort worker) {
    return wanted && connections.isLocal(worker)
        ? workers.computeIfAbsent(worker, w -> new LocalWorker(w, connections, verify))
        : null;
  }

  private void giveUp(HostPort worker, LocalWorker local, IOException cause) {
    LOG.debug("blocks of worker {} are read through it: {}", worker, cause.toString());
    workers.remove(worker, local);
    local.close();
  }

  /** Lets go of what was not used for a while, and of what the workers have dropped. */
  void tidy() {
    workers.forEach(
        (worker, local) -> {
          try {
            local.tidy();
          } catch (IOException e) {
            giveUp(worker, local, e);
          }
        });
  }

  @Override
  public void close() {
    workers.values().forEach(LocalWorker::close);
    workers.clear();
  }
}
