/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import io.curvine.cli.CliException;
import io.curvine.cli.config.NearestName;
import io.curvine.journal.tool.EventKinds;
import io.curvine.journal.tool.JournalFilter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import picocli.CommandLine.Option;

/** What events are wanted. */
final class FilterOptions {
  @Option(
      names = "--type",
      paramLabel = "NAME,...",
      split = ",",
      description = "Only events of these types: EntryRenamed, FileCommitted, ...")
  private List<String> types = new ArrayList<>();

  @Option(
      names = "--path",
      paramLabel = "PREFIX,...",
      split = ",",
      description = "Only events about these entries, and about what is or was below them.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--principal",
      paramLabel = "USER,...",
      split = ",",
      description = "Only what these caused: uids, or names of users.")
  private List<String> principals = new ArrayList<>();

  /** With a range, these. */
  JournalFilter filter(JournalFilter range) throws CliException {
    List<String> known = EventKinds.names();
    for (String type : types) {
      if (!known.contains(type)) {
        throw new CliException(
            "--type is "
                + type
                + "; did you mean "
                + NearestName.of(type, known).orElseThrow()
                + "? Allowed: "
                + String.join(", ", known));
      }
    }
    for (String path : paths) {
      if (!path.startsWith("/")) {
        throw new CliException("--path is '" + path + "'; allowed: one that begins with /");
      }
    }
    return new JournalFilter(
        range.fromOffset(),
        range.toOffset(),
        range.fromNanos(),
        range.toNanos(),
        new LinkedHashSet<>(types),
        paths,
        new LinkedHashSet<>(principals));
  }
}
