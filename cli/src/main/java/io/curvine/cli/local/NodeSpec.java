/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import io.curvine.cli.local.LocalPlan.Port;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One node of a local cluster. Immutable.
 *
 * @param id unique in the cluster
 * @param directory its data; of a mount: the mount point
 * @param log where its output goes when it is a process
 * @param settings {@code section.key=value} over the configuration
 * @param options of its command, beside those that every node of its role has
 */
record NodeSpec(
    Role role,
    String id,
    List<Port> ports,
    Path directory,
    Path log,
    List<String> settings,
    List<String> options) {

  /** Without options of its own. */
  NodeSpec(
      Role role, String id, List<Port> ports, Path directory, Path log, List<String> settings) {
    this(role, id, ports, directory, log, settings, List.of());
  }

  /** The same with one setting more. */
  NodeSpec with(String setting) {
    List<String> more = new ArrayList<>(settings);
    more.add(setting);
    return new NodeSpec(role, id, ports, directory, log, List.copyOf(more), options);
  }

  /** For people: {@code master m1}. */
  String name() {
    return role == Role.FUSE ? "mount " + directory : role.word() + " " + id;
  }

  /** {@code 127.0.0.1:8995}, or '-' where it has no such port. */
  String address(String use) {
    return ports.stream()
        .filter(port -> port.use().equals(use))
        .map(port -> LocalPlan.HOST + ":" + port.number())
        .findFirst()
        .orElse("-");
  }

  /** What a node is; the word is also the command that runs one. */
  enum Role {
    MASTER,
    WORKER,
    FUSE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
