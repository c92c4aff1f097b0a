/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli;

import io.curvine.cli.config.Section;
import io.curvine.client.ClientConfig;
import io.curvine.fuse.FuseConfig;
import io.curvine.journal.mirror.MirrorConfig;
import io.curvine.master.MasterConfig;
import io.curvine.worker.WorkerConfig;
import java.util.List;

/** The sections of the configuration file. */
public final class Sections {
  /** In the order of the file. */
  public static final List<Section> ALL =
      List.of(
          new Section(
              "master", "A master: its peers, its journal, its snapshots.", MasterConfig.class),
          new Section(
              "feed.mirror",
              "What the leading master copies of its feed into a Kafka cluster; the same on all"
                  + " masters.",
              MirrorConfig.class),
          new Section(
              "worker", "A worker: its cache directories, fills and eviction.", WorkerConfig.class),
          new Section(
              "client",
              "Everything that uses a cluster: commands, mounts, the Java API.",
              ClientConfig.class),
          new Section("fuse", "The mount, beside what [client] says.", FuseConfig.class));

  private Sections() {}
}
