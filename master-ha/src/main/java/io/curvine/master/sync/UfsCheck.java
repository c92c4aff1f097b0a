/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import com.google.protobuf.ByteString;
import io.curvine.master.check.Findings;
import io.curvine.master.command.ReconcilePlan;
import io.curvine.master.leader.Failures;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.query.UfsLocation;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StateStore;
import io.curvine.master.tool.Text;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.ReconcileDirectory;
import io.curvine.protocol.proto.StateFinding;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Compares the loaded directories of cache-mode mounts with their UFS: a finding is what a
 * reconcile would change. Where the UFS fails, nothing is concluded about that mount. Blocks its
 * caller; thread-safe.
 */
public final class UfsCheck {
  private static final int PAGE_DIRECTORIES = 256;

  private final UfsLoader loader;
  private final Supplier<QueryEngine> queries;
  private final Supplier<StateStore> state;

  public UfsCheck(UfsLoader loader, Supplier<QueryEngine> queries, Supplier<StateStore> state) {
    this.loader = loader;
    this.queries = queries;
    this.state = state;
  }

  /**
   * What was seen.
   *
   * @param skipped mounts that have nothing to be compared with, and why
   * @param unknown mounts about which nothing is concluded, and why
   * @param more findings besides
   */
  public record Seen(
      List<StateFinding> findings, List<String> skipped, List<String> unknown, long more) {
    public Seen {
      findings = List.copyOf(findings);
      skipped = List.copyOf(skipped);
      unknown = List.copyOf(unknown);
    }
  }

  /**
   * Compares all loaded directories.
   *
   * @param findingsMax how many are kept
   */
  public Seen all(int findingsMax) {
    Round round = new Round(findingsMax);
    for (Mount mount : queries.get().mountsWithSecrets()) {
      if (mount.getMode() != MountMode.CACHE) {
        round.skipped.add(name(mount) + "Curvine is the authority there (fs mode)");
      }
    }
    long after = 0;
    List<Long> page;
    do {
      page = queries.get().loadedDirectories(after, PAGE_DIRECTORIES);
      for (long directory : page) {
        after = directory;
        round.look(directory);
      }
    } while (!page.isEmpty());
    return round.seen();
  }

  /** Compares the directories of findings again; gives those that are still true. */
  public Seen again(List<StateFinding> findings) {
    Round round = new Round(Integer.MAX_VALUE);
    directories(findings).forEach(round::look);
    Seen now = round.seen();
    return new Seen(
        now.findings().stream()
            .filter(each -> findings.stream().anyMatch(one -> Findings.same(one, each)))
            .toList(),
        now.skipped(),
        now.unknown(),
        0);
  }

  /** Has the namespace follow in the directories of findings; fails where any cannot be listed. */
  public CompletableFuture<Void> repair(List<StateFinding> findings) {
    return loader.load(List.copyOf(directories(findings)));
  }

  private static String name(Mount mount) {
    return "the UFS of " + mount.getPath() + ": ";
  }

  private static Set<Long> directories(List<StateFinding> findings) {
    Set<Long> directories = new LinkedHashSet<>();
    findings.forEach(each -> directories.add(Key.of(each.getKey().toByteArray()).longAt(0)));
    return directories;
  }

  /** One comparison. */
  private final class Round {
    private final int findingsMax;
    private final Map<Integer, List<StateFinding>> found = new TreeMap<>();
    private final List<String> skipped = new ArrayList<>();
    private final Map<Integer, String> unknown = new TreeMap<>();
    private long more;
    private int kept;

    Round(int findingsMax) {
      this.findingsMax = findingsMax;
    }

    void look(long directory) {
      Optional<UfsLocation> location = queries.get().ufsLocation(directory);
      if (location.isEmpty() || unknown.containsKey(location.get().mount().getId())) {
        return;
      }
      Mount mount = location.get().mount();
      try {
        var unused = loader.look(directory, page -> compare(page, mount)).join();
      } catch (CompletionException e) {
        // One that went meanwhile is no failure of the UFS.
        if (queries.get().inode(directory).isPresent()) {
          String why = Failures.cause(e).getMessage();
          unknown.put(mount.getId(), name(mount) + why + "; nothing is concluded about this mount");
          found.remove(mount.getId());
        }
      }
    }

    private void compare(ReconcileDirectory page, Mount mount) {
      try (FrozenState now = state.get().freeze()) {
        for (Event event : ReconcilePlan.of(page, now)) {
          finding(event, now.view().namespace()).ifPresent(one -> add(one, mount));
        }
      }
    }

    private void add(StateFinding finding, Mount mount) {
      if (kept < findingsMax) {
        kept++;
        found.computeIfAbsent(mount.getId(), id -> new ArrayList<>()).add(finding);
      } else {
        more++;
      }
    }

    Seen seen() {
      List<StateFinding> all = new ArrayList<>();
      found.values().forEach(all::addAll);
      return new Seen(all, skipped, List.copyOf(unknown.values()), more);
    }
  }

  private static Optional<StateFinding> finding(Event event, NamespaceView namespace) {
    switch (event.getEventCase()) {
      case ENTRY_DELETED -> {
        var gone = event.getEntryDeleted();
        return Optional.of(
            finding(
                gone.getParent(),
                gone.getName(),
                gone.getInode(),
                "the UFS does not have it any more",
                namespace));
      }
      case UFS_ENTRY_LOADED -> {
        Inode made = event.getUfsEntryLoaded().getInode();
        return Optional.of(
            finding(made.getParent(), made.getName(), 0, "only the UFS has it", namespace));
      }
      case FILE_CONTENT_CHANGED -> {
        Inode file = namespace.require(event.getFileContentChanged().getInode());
        return Optional.of(
            finding(
                file.getParent(),
                file.getName(),
                file.getId(),
                "the UFS has another version of it",
                namespace));
      }
      default -> {
        return Optional.empty();
      }
    }
  }

  private static StateFinding finding(
      long parent, ByteString name, long inode, String text, NamespaceView namespace) {
    ByteString above = namespace.path(namespace.require(parent));
    String path = (above.size() == 1 ? "" : Text.of(above)) + "/" + Text.of(name);
    return Findings.of(
            FindingKind.UFS_DIFFERS,
            ColumnFamily.DENTRIES,
            Keys.of(parent, name),
            inode,
            text,
            "its directory is reconciled with the UFS")
        .setPath(path)
        .build();
  }
}
