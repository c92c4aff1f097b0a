/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import io.curvine.cli.Action;
import io.curvine.cli.config.Configuration;
import io.curvine.cli.node.Foreground;
import io.curvine.cli.node.Nodes;
import io.curvine.client.ClientConfig;
import io.curvine.fuse.FuseConfig;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fuse}: the mount, in the foreground. */
@Command(
    name = "fuse",
    description = "Mount the namespace on a directory, until Ctrl-C or umount.",
    mixinStandardHelpOptions = true)
public final class FuseCommand extends Action {
  @Parameters(
      paramLabel = "MOUNTPOINT",
      description = "An empty directory; made where it is missing.")
  private Path mountPoint;

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      description = "For /metrics and /health; default: none.")
  private String http;

  @Option(
      names = "--null",
      description = {
        "Mount an empty file system in memory instead of a cluster, which is gone afterwards: of no use but",
        "to measure what the kernel and its binding take by themselves, as 'bench fuse' does."
      })
  private boolean inMemory;

  @Option(names = "--parent-watch", description = "Stop when standard input ends.")
  private boolean parentWatch;

  @Override
  protected void run() throws IOException {
    Foreground.logAsNode(global().debug());
    Configuration configuration = global().configuration();
    Path directory = mountPoint.toAbsolutePath().normalize();
    FuseConfig config = configuration.get(FuseConfig.class);
    Optional<HostPort> address = Optional.ofNullable(http).map(HostPort::parse);
    Foreground.run(
        inMemory
            ? Nodes.nullMount(directory, config, address)
            : Nodes.mount(
                directory,
                config,
                configuration.get(ClientConfig.class).withClientName("fuse " + mountPoint),
                address),
        parentWatch);
  }
}
