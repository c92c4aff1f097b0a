/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import io.curvine.cli.CliException;
import io.curvine.cli.command.UfsLocation;
import io.curvine.client.Namespace;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.WritePolicy;
import io.curvine.ufs.UfsRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The UFS of a local cluster, mounted at the namespace's root. Immutable.
 *
 * @param uri as the person gave it; empty: sample files at the first start, what is there later
 * @param options of the provider
 */
record LocalUfs(Optional<String> uri, Map<String, String> options) {
  private static final long SCAN_INTERVAL_MS = 60_000;

  /**
   * Looks at URI and options, without asking the store.
   *
   * @throws IOException where no provider takes them
   */
  void check() throws IOException {
    if (uri.isPresent()) {
      UfsRegistry.load().check(UfsLocation.uri(uri.get()), options);
    } else if (!options.isEmpty()) {
      throw new CliException("--option is given without --ufs");
    }
  }

  /**
   * Mounts it where nothing is mounted at the root.
   *
   * @return what is mounted at the root now
   * @throws CliException where another UFS is
   */
  Optional<Mount> mount(Namespace namespace, DataDirectory data) throws IOException {
    Optional<Mount> present =
        namespace.mounts().stream().filter(mount -> mount.getPath().equals("/")).findFirst();
    if (present.isPresent()) {
      requireSame(present.get(), data.path());
      data.markSetUp();
      return present;
    }
    if (uri.isEmpty() && data.isSetUp()) {
      return Optional.empty(); // somebody has unmounted it; a start finds everything as it was
    }
    Mount made =
        namespace.mount(
            Mount.newBuilder()
                .setPath("/")
                .setUri(uri.isPresent() ? UfsLocation.uri(uri.get()) : samples(data.path()))
                .setMode(MountMode.CACHE)
                .setWritePolicy(WritePolicy.THROUGH)
                .setScanIntervalMs(SCAN_INTERVAL_MS)
                .putAllOptions(options)
                .build());
    data.markSetUp();
    return Optional.of(made);
  }

  private void requireSame(Mount present, Path data) throws IOException {
    if (uri.isPresent() && !UfsLocation.uri(uri.get()).equals(present.getUri())) {
      throw new CliException(
          data
              + " has the UFS "
              + present.getUri()
              + " at /, not "
              + UfsLocation.uri(uri.get())
              + "; give that one, another --data-dir, or unmount it first: curvine umount /");
    }
  }

  private static String samples(Path data) throws IOException {
    Path directory = data.resolve("sample-ufs");
    SampleFiles.create(directory);
    return UfsLocation.uri(directory.toString());
  }
}
