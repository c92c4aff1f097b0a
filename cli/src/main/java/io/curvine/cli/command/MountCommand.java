/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import io.curvine.cli.Action;
import io.curvine.cli.config.Units;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.WritePolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine mount}. */
@Command(
    name = "mount",
    description = "Bind a UFS location to a path of the namespace.",
    mixinStandardHelpOptions = true)
public final class MountCommand extends Action {
  @Parameters(
      index = "0",
      paramLabel = "UFS",
      description = "A URI (s3://bucket/prefix, hdfs://host:8020/directory), or a directory.")
  private String ufs;

  @Parameters(index = "1", paramLabel = "PATH", description = "In the namespace.")
  private String path;

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "Of the provider, for example s3.endpoint=http://host:9000; can be repeated.")
  private List<String> options = new ArrayList<>();

  @Option(
      names = "--mode",
      defaultValue = "CACHE",
      description = "cache: the UFS is the authority; fs: Curvine is. Default: cache.")
  private MountMode mode;

  @Option(
      names = "--write",
      defaultValue = "THROUGH",
      description =
          "through: a write returns when the UFS has it; back: the UFS gets it later; never.")
  private WritePolicy write;

  @Option(names = "--read-only", description = "Refuse all changes.")
  private boolean readOnly;

  @Option(
      names = "--source",
      paramLabel = "KIND",
      description =
          "A change source, which tells of changes in the UFS at once: kafka, sqs, webhook, hdfs or"
              + " inotify; set up by --option KIND.…; can be repeated. Default: only the scan.")
  private List<String> sources = new ArrayList<>();

  @Option(
      names = "--scan-interval",
      paramLabel = "DURATION",
      defaultValue = "60s",
      description =
          "How often a reconciling scan looks for changes in the UFS; 0: never. Default: ${DEFAULT-VALUE}.")
  private String scanInterval;

  @Option(
      names = "--block-size",
      paramLabel = "SIZE",
      defaultValue = "0",
      description = "Of its files, for example 64MiB; 0: the cluster's.")
  private String blockSize;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of blocks that the UFS does not have yet, 1 to 16; 0: 2.")
  private int replicas;

  @Override
  protected void run() throws IOException {
    Mount mount;
    try {
      mount =
          Mount.newBuilder()
              .setPath(path)
              .setUri(UfsLocation.uri(ufs))
              .setMode(mode)
              .setWritePolicy(write)
              .setReadOnly(readOnly)
              .addAllSources(sources)
              .putAllOptions(OptionPairs.parse(options))
              .setScanIntervalMs(Units.duration(scanInterval).toMillis())
              .setBlockSizeBytes(Math.toIntExact(Units.bytes(blockSize)))
              .setReplicas(replicas)
              .build();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw usage(e.getMessage());
    }
    try (CurvineClient client = connect()) {
      Mount made = client.namespace().mount(mount);
      print(MountsCommand.json(made), "mounted " + made.getUri() + " at " + made.getPath() + "\n");
    }
  }
}
