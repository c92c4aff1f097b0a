/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import io.curvine.cli.CliException;
import io.curvine.cli.config.Units;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountChange;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.MountSources;
import io.curvine.protocol.proto.PolicyChange;
import io.curvine.protocol.proto.WritePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/**
 * The settings of a mount as they are typed. What is not given has its default in a new mount and
 * stays as it is in one that is changed.
 */
final class MountOptions {
  private static final long ALWAYS = -1;
  private static final String NONE = "none";

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "Of the provider, for example s3.endpoint=http://host:9000; can be repeated.")
  private List<String> options = new ArrayList<>();

  @Option(
      names = "--unset",
      paramLabel = "KEY",
      description = "With --update: the option goes; can be repeated.")
  private List<String> unset = new ArrayList<>();

  @Option(
      names = "--mode",
      description = "cache: the UFS is the authority; fs: Curvine is. Default: cache.")
  private MountMode mode;

  @Option(
      names = "--write",
      description =
          "through: a write returns when the UFS has it; back: the UFS gets it later; never."
              + " Default: through.")
  private WritePolicy write;

  @Option(
      names = "--read-only",
      negatable = true,
      description = "Refuse all changes. Default: --no-read-only.")
  private Boolean readOnly;

  @Option(
      names = "--scan-interval",
      paramLabel = "DURATION",
      description =
          "How often a reconciling scan looks for changes in the UFS; 0: never. Default: 60s.")
  private String scanInterval;

  @Option(
      names = "--source",
      paramLabel = "KIND",
      description =
          "A change source, which tells of changes in the UFS at once: kafka, sqs, webhook, hdfs or"
              + " inotify; set up by --option KIND.…; can be repeated. Default: only the scan.")
  private List<String> sources;

  @Option(
      names = "--block-size",
      paramLabel = "SIZE",
      description = "Of files made from now on, for example 64MiB; 0: the cluster's. Default: 0.")
  private String blockSize;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      description =
          "Of blocks that the UFS does not have yet, in files made from now on, 1 to 16; 0: 2."
              + " Default: 0.")
  private Integer replicas;

  @Option(
      names = "--verify",
      paramLabel = "off|always|DURATION",
      description =
          "Compare a file with the UFS before it is read, if that was last done so long ago."
              + " Default: off.")
  private String verify;

  @Option(
      names = "--list-ttl",
      paramLabel = "DURATION",
      description =
          "Compare the names in a directory with the UFS before they are used, if that was last"
              + " done so long ago; 0: never. Default: 0.")
  private String listTtl;

  @Option(
      names = "--requests-per-second",
      paramLabel = "N",
      description = "Calls to the UFS by each master and worker; 0: no limit. Default: 0.")
  private Integer requestsPerSecond;

  @Option(
      names = "--bandwidth",
      paramLabel = "SIZE",
      description =
          "Read from and written to the UFS a second by each master and worker, for example"
              + " 100MiB; 0: no limit. Default: 0.")
  private String bandwidth;

  /** Takes what was typed where it was; an amount that cannot be meant is named with its option. */
  private static <T> void given(T typed, String option, Consumer<T> use) {
    if (typed != null) {
      try {
        use.accept(typed);
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * A new mount, without path and URI.
   *
   * @throws IllegalArgumentException where an option cannot be meant
   */
  Mount.Builder mount() throws CliException {
    if (!unset.isEmpty()) {
      throw new IllegalArgumentException("--unset is given; allowed: with --update");
    }
    MountChange change = settings();
    Mount.Builder mount =
        Mount.newBuilder()
            .setMode(mode == null ? MountMode.CACHE : mode)
            .setWritePolicy(change.getWritePolicy())
            .setReadOnly(change.getReadOnly())
            .putAllOptions(change.getOptionsMap())
            .setScanIntervalMs(change.hasScanIntervalMs() ? change.getScanIntervalMs() : 60_000)
            .addAllSources(change.getSources().getKindsList())
            .setBlockSizeBytes(change.getBlockSizeBytes())
            .setReplicas(change.getReplicas())
            .setVerifyMs(change.getVerifyMs())
            .setListTtlMs(change.getListTtlMs())
            .setRequestsPerSecond(change.getRequestsPerSecond())
            .setBandwidthBytes(change.getBandwidthBytes());
    return mount;
  }

  /**
   * A change of a mount.
   *
   * @param policy that it changes too
   * @throws IllegalArgumentException where an option cannot be meant, or none is given
   */
  MountChange change(PolicyChange policy) throws CliException {
    if (mode != null) {
      throw new IllegalArgumentException(
          "--mode is given; allowed: without --update, since who is the authority stays");
    }
    MountChange.Builder change = settings().toBuilder();
    if (!policy.equals(PolicyChange.getDefaultInstance())) {
      change.setPolicy(policy);
    }
    if (change.build().equals(MountChange.getDefaultInstance())) {
      throw new IllegalArgumentException("--update without an option; allowed: what is to change");
    }
    return change.build();
  }

  private MountChange settings() throws CliException {
    MountChange.Builder change = MountChange.newBuilder();
    change.putAllOptions(OptionPairs.parse(options)).addAllUnsetOptions(unset);
    given(write, "--write", change::setWritePolicy);
    given(readOnly, "--read-only", change::setReadOnly);
    given(scanInterval, "--scan-interval", text -> change.setScanIntervalMs(millis(text)));
    given(sources, "--source", kinds -> change.setSources(sources(kinds)));
    given(blockSize, "--block-size", text -> change.setBlockSizeBytes(blockSize(text)));
    given(replicas, "--replicas", change::setReplicas);
    given(verify, "--verify", text -> change.setVerifyMs(verifyMs(text)));
    given(listTtl, "--list-ttl", text -> change.setListTtlMs(millis(text)));
    given(requestsPerSecond, "--requests-per-second", n -> change.setRequestsPerSecond(count(n)));
    given(bandwidth, "--bandwidth", text -> change.setBandwidthBytes(Units.bytes(text)));
    return change.build();
  }

  private static long millis(String text) {
    return Units.duration(text).toMillis();
  }

  private static int blockSize(String text) {
    return Math.toIntExact(Units.bytes(text));
  }

  private static int count(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("'" + number + "' is negative");
    }
    return number;
  }

  private static long verifyMs(String text) {
    return switch (text) {
      case "off" -> 0;
      case "always" -> ALWAYS;
      default -> millis(text);
    };
  }

  private static MountSources.Builder sources(List<String> kinds) {
    boolean none = kinds.contains(NONE);
    if (none && kinds.size() > 1) {
      throw new IllegalArgumentException("'" + NONE + "' is given with others");
    }
    return MountSources.newBuilder().addAllKinds(none ? List.of() : kinds);
  }

  /** As it is typed. */
  static String verifyText(Mount mount) {
    long ms = mount.getVerifyMs();
    return ms == ALWAYS ? "always" : ms == 0 ? "off" : ms / 1000.0 + " s";
  }
}
