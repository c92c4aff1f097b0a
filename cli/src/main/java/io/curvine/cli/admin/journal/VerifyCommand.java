/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.journal.tool.Finding;
import io.curvine.journal.tool.JournalVerify;
import io.curvine.master.tool.JournalEnd;
import io.curvine.master.tool.JournalPlace;
import io.curvine.master.tool.RaftLogCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine-admin journal verify}. */
@Command(
    name = "verify",
    description = {
      "Check journals: the checksum of each batch, the chain of hashes, offsets, times, indexes, whether",
      "events can be decoded, and, of a data directory, whether the Raft log says the same. Masters may",
      "run. What is wrong is told with file, position, offset and advice; the exit code is 1 then."
    },
    mixinStandardHelpOptions = true)
public final class VerifyCommand extends Action {
  private static final String NEWER = "has events of a newer version";

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "A master's data directory, a snapshot, or a directory of segments; can be repeated.")
  private List<Path> dataDirs = new ArrayList<>();

  @Option(
      names = "--file",
      paramLabel = "SEGMENT",
      description = "One segment file; can be repeated.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--master",
      paramLabel = "ID",
      description = "That master of the cluster. Without any of these: the leader.")
  private String master;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Segments checked at the same time. Default: as many as processors.")
  private Integer threads;

  private final ObjectNode json = Json.object();
  private final ArrayNode sources = json.putArray("sources");
  private final StringBuilder text = new StringBuilder();
  private String clusterId = "";
  private String clusterOf = "";
  private int found;

  @Override
  protected void run() throws IOException {
    int parallel = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    if (parallel < 1 || parallel > JournalVerify.THREADS_MAX) {
      throw usage("--threads is " + parallel + "; allowed: 1 to " + JournalVerify.THREADS_MAX);
    }
    boolean named = !dataDirs.isEmpty() || !files.isEmpty();
    if (named && master != null) {
      throw usage("--master with --data-dir or --file; allowed: one of them");
    }
    for (Path directory : dataDirs) {
      directory(directory, Math.min(parallel, JournalVerify.THREADS_MAX));
    }
    for (Path file : files) {
      boolean live =
          file.toAbsolutePath().getParent() != null
              && JournalPlace.of(file.toAbsolutePath().getParent()).live();
      tell(file.toString(), JournalVerify.file(file, live), Optional.empty());
    }
    if (!named) {
      try (LiveSource live = LiveSource.open(global(), Optional.ofNullable(master))) {
        tell(live.name(), JournalVerify.source(live), Optional.empty());
      }
    }
    print(json.put("found", found), text.toString());
    if (found > 0) {
      problem(new CliException(found + (found == 1 ? " thing is" : " things are") + " wrong"));
    }
  }

  private void directory(Path directory, int parallel) throws IOException {
    JournalPlace place = JournalPlace.of(directory);
    JournalVerify.Report report = JournalVerify.directory(place.journal(), place.live(), parallel);
    List<Finding> more = new ArrayList<>(report.findings());
    Optional<String> owner = place.clusterId().filter(id -> !report.clusterId().isEmpty());
    if (owner.isPresent() && !owner.get().equals(report.clusterId())) {
      more.add(
          otherCluster(place.journal(), report.clusterId(), "the data directory", owner.get()));
    }
    Optional<RaftLogCheck.Report> raft = Optional.empty();
    if (place.dataDir().isPresent()) {
      JournalEnd.check(place, report.nextOffset()).ifPresent(more::add);
      raft = Optional.of(RaftLogCheck.run(place));
      more.addAll(raft.get().findings());
    }
    tell(
        directory.toString(),
        new JournalVerify.Report(
            more,
            report.notes(),
            report.segments(),
            report.events(),
            report.bytes(),
            report.firstOffset(),
            report.nextOffset(),
            report.chainHash(),
            report.clusterId()),
        raft);
  }

  private static Finding otherCluster(Path at, String id, String other, String otherId) {
    return new Finding(
        Finding.Kind.OTHER_CLUSTER,
        at,
        -1,
        0,
        "its events are of cluster " + id + ", " + other + " is of " + otherId,
        "name directories of one cluster");
  }

  private void tell(String name, JournalVerify.Report report, Optional<RaftLogCheck.Report> raft) {
    List<Finding> findings = new ArrayList<>(report.findings());
    if (!report.clusterId().isEmpty()) {
      if (!clusterId.isEmpty() && !clusterId.equals(report.clusterId())) {
        findings.add(otherCluster(Path.of(name), report.clusterId(), clusterOf, clusterId));
      }
      clusterId = report.clusterId();
      clusterOf = name;
    }
    found += findings.size();
    ObjectNode one =
        sources
            .addObject()
            .put("source", name)
            .put("segments", report.segments())
            .put("events", report.events())
            .put("bytes", report.bytes())
            .put("firstOffset", report.firstOffset())
            .put("nextOffset", report.nextOffset())
            .put("chainHash", report.chainHash())
            .put("clusterId", report.clusterId());
    raft.ifPresent(
        check ->
            one.putObject("raftLog").put("entries", check.entries()).put("events", check.events()));
    ArrayNode told = one.putArray("findings");
    for (Finding finding : findings) {
      told.addObject()
          .put("kind", finding.kind().name())
          .put("file", finding.file().toString())
          .put("position", finding.position())
          .put("offset", finding.offset())
          .put("what", finding.what())
          .put("advice", finding.advice());
      text.append(finding).append('\n');
    }
    ArrayNode notes = one.putArray("notes");
    for (String note : report.notes()) {
      notes.add(note);
      text.append("note: ").append(note).append('\n');
    }
    text.append(summary(name, report, raft, findings)).append('\n');
  }

  private static String summary(
      String name,
      JournalVerify.Report report,
      Optional<RaftLogCheck.Report> raft,
      List<Finding> findings) {
    boolean onlyNewer =
        !findings.isEmpty()
            && findings.stream().allMatch(finding -> finding.kind() == Finding.Kind.UNKNOWN_EVENT);
    String verdict =
        findings.isEmpty() ? "nothing is wrong" : onlyNewer ? NEWER : findings.size() + " found";
    return name
        + ": "
        + report.events()
        + " events from offset "
        + report.firstOffset()
        + " to before "
        + report.nextOffset()
        + ", "
        + report.bytes()
        + " bytes"
        + raft.map(check -> ", " + check.events() + " of them compared with the Raft log")
            .orElse("")
        + "; "
        + verdict;
  }
}
