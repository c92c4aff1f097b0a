/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse;

import static io.curvine.protocol.config.Allowed.check;

import io.curvine.protocol.config.Setting;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a mount behaves. Immutable; a value that is out of range is refused with the key, the value
 * and what is allowed.
 */
public record FuseConfig(
    @Setting(
            value = "1s",
            doc =
                "How long the kernel believes attributes, so that a change through another mount"
                    + " shows; 0s to 1h.")
        Duration attrTimeout,
    @Setting(value = "1s", doc = "How long the kernel believes that a name is there; 0s to 1h.")
        Duration entryTimeout,
    @Setting(value = "0s", doc = "How long the kernel believes that a name is not there; 0s to 1h.")
        Duration negativeTimeout,
    @Setting(
            value = "1s",
            doc =
                "How far what the mount itself remembers of names and attributes may be behind the"
                    + " masters. It follows their changes, and makes sure that it is as far as they"
                    + " are; while it cannot, it asks them. 0s: it remembers nothing; 0s to 1h.")
        Duration cacheTimeout,
    @Setting(
            value = "90s",
            doc =
                "How long a program that writes a file waits for another client that has it open"
                    + " for writing; EBUSY afterwards. A mount gives way at once, and what a client"
                    + " had that is gone comes back with the end of its session; 0s to 1h.")
        Duration busyTimeout,
    @Setting(value = "8", doc = "Threads that wait for the kernel's requests; 1 to 256.")
        int threads,
    @Setting(
            value = "128",
            doc =
                "Threads at most, from threads to 1024, with 2 MiB each. A close under a"
                    + " write-through mount keeps one until the under store has the file.")
        int maxThreads,
    @Setting(
            value = "1MiB",
            bytes = true,
            doc = "Read-ahead of the kernel for one file; 0 to 64MiB.")
        long maxReadahead,
    @Setting(
            value = "/var/tmp",
            doc =
                "Local directory for the content of files that are deleted while they are open; not"
                    + " inside a mount of Curvine.")
        Path spoolDir,
    @Setting(value = "true", doc = "Users other than the one who mounts may use the mount.")
        boolean allowOther,
    @Setting(value = "false", doc = "The mount refuses every change.") boolean readOnly,
    @Setting(value = "false", doc = "Log every request of the kernel.") boolean debug) {

  public FuseConfig {
    timeout("attr_timeout", attrTimeout);
    timeout("entry_timeout", entryTimeout);
    timeout("negative_timeout", negativeTimeout);
    timeout("cache_timeout", cacheTimeout);
    timeout("busy_timeout", busyTimeout);
    check(threads >= 1 && threads <= 256, "threads", threads, "1 to 256");
    check(
        maxThreads >= threads && maxThreads <= 1024,
        "max_threads",
        maxThreads,
        threads + " to 1024");
    check(
        maxReadahead >= 0 && maxReadahead <= 64L << 20,
        "max_readahead",
        maxReadahead,
        "0 to 64MiB");
    check(spoolDir.isAbsolute(), "spool_dir", spoolDir, "an absolute path");
  }

  /** The defaults. */
  public static FuseConfig defaults() {
    return new FuseConfig(
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ZERO,
        Duration.ofSeconds(1),
        Duration.ofSeconds(90),
        8,
        128,
        1 << 20,
        Path.of("/var/tmp"),
        true,
        false,
        false);
  }

  /** The same with both of the kernel's caches kept so long. */
  public FuseConfig withTimeouts(Duration timeout) {
    return new FuseConfig(
        timeout,
        timeout,
        negativeTimeout,
        cacheTimeout,
        busyTimeout,
        threads,
        maxThreads,
        maxReadahead,
        spoolDir,
        allowOther,
        readOnly,
        debug);
  }

  /** The same with another spool directory. */
  public FuseConfig withSpoolDir(Path directory) {
    return new FuseConfig(
        attrTimeout,
        entryTimeout,
        negativeTimeout,
        cacheTimeout,
        busyTimeout,
        threads,
        maxThreads,
        maxReadahead,
        directory,
        allowOther,
        readOnly,
        debug);
  }

  /** The same, refusing changes or not. */
  public FuseConfig withReadOnly(boolean refuseChanges) {
    return new FuseConfig(
        attrTimeout,
        entryTimeout,
        negativeTimeout,
        cacheTimeout,
        busyTimeout,
        threads,
        maxThreads,
        maxReadahead,
        spoolDir,
        allowOther,
        refuseChanges,
        debug);
  }

  private static void timeout(String key, Duration value) {
    check(!value.isNegative() && value.compareTo(Duration.ofHours(1)) <= 0, key, value, "0s to 1h");
  }
}
