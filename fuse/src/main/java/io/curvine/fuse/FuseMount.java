/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse;

import io.curvine.client.ChangeFeed;
import io.curvine.client.CurvineClient;
import io.curvine.fuse.cache.CachingBackend;
import io.curvine.fuse.cache.Currency;
import io.curvine.fuse.cache.MetadataCache;
import io.curvine.fuse.kernel.KernelMount;
import io.curvine.fuse.vfs.Backend;
import io.curvine.fuse.vfs.Vfs;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The namespace of a cluster, mounted as a POSIX file system. Thread-safe. */
public final class FuseMount implements Closeable {
  private final KernelMount mount;
  private final CacheFollower follower;
  private final Writers writers;

  private FuseMount(KernelMount mount, CacheFollower follower, Writers writers) {
    this.mount = mount;
    this.follower = follower;
    this.writers = writers;
  }

  /**
   * Mounts the namespace on a directory and serves it until it is unmounted. The client stays the
   * caller's to close, after {@link #awaitUnmounted}.
   *
   * @throws CurvineException INVALID_ARGUMENT: the directory cannot be mounted on, or the spool
   *     directory is none; PERMISSION_DENIED: not root; UNSUPPORTED: no FUSE in the kernel
   * @throws IOException the cluster cannot be reached
   */
  public static FuseMount mount(
      Path directory, FuseConfig config, CurvineClient client, MeterRegistry registry)
      throws IOException {
    if (!Files.isWritable(config.spoolDir()) || !Files.isDirectory(config.spoolDir())) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "spool_dir is " + config.spoolDir() + "; allowed: a directory that can be written");
    }
    // Before anything is cached. A cluster that is not there is said now, not at the first ls.
    ClientJournal journal = new ClientJournal(client);
    ChangeFeed changes = journal.fromNow();
    MetadataCache cache = new MetadataCache();
    long bound = config.cacheTimeout().toNanos();
    Currency currency = Currency.start(journal, bound);
    Backend cluster = new ClientBackend(client, config.busyTimeout());
    Vfs vfs = new Vfs(new CachingBackend(cluster, cache, currency), config.spoolDir());
    KernelMount mount = KernelMount.start(directory, config, vfs, registry);
    Writers writers = new Writers(vfs);
    return new FuseMount(
        mount,
        CacheFollower.start(
            journal, changes, client::isOwn, cache, currency, mount.cache(), writers, registry),
        writers);
  }

  /** Where it is mounted, without symbolic links. */
  public Path path() {
    return mount.path();
  }

  /** Waits until it is unmounted, by {@link #close} or by anyone, and all is published. */
  public void awaitUnmounted() throws InterruptedException {
    mount.awaitUnmounted();
    follower.close();
    writers.close();
  }

  /**
   * Unmounts. Where files are still open, the mount leaves the tree at once, what was written is
   * published, and the open files fail from then on.
   */
  @Override
  public void close() throws IOException {
    follower.close();
    writers.close();
    mount.close();
  }
}
