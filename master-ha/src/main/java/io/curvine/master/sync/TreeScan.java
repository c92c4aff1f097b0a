/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import com.google.protobuf.ByteString;
import io.curvine.master.leader.Failures;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.StateView;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.ReconcileDirectory;
import io.curvine.protocol.proto.UfsEntry;
import io.curvine.ufs.UfsTreePage;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Compares the loaded directories of a mount with one flat listing of its location, a page of it at
 * a time. Nothing is kept from page to page but the key that the next goes on after. Owned by one
 * thread; blocks it.
 */
final class TreeScan {
  /** Of all keys that begin with a directory's the last. */
  private static final String BEHIND = "/\uDBFF\uDFFF";

  private static final ByteString SLASH = ByteString.copyFromUtf8("/");
  private static final Comparator<ByteString> BYTES =
      ByteString.unsignedLexicographicalComparator();

  private final Mount mount;
  private final UnderFileSystem ufs;
  private final UfsLoader loader;
  private final Supplier<StateStore> state;

  TreeScan(Mount mount, UnderFileSystem ufs, UfsLoader loader, Supplier<StateStore> state) {
    this.mount = mount;
    this.ufs = ufs;
    this.loader = loader;
    this.state = state;
  }

  /**
   * What a page came to.
   *
   * @param next the key to go on after; null: that was the last
   * @param directories loaded ones that have ended in it
   * @param crossed those of which listings of their own may be older or newer than the page: they
   *     are yet to be listed
   */
  record Outcome(String next, long directories, List<Long> crossed) {
    Outcome {
      crossed = List.copyOf(crossed);
    }
  }

  /** What a section says, where its directory is loaded. */
  private record Compared(long directory, ReconcileDirectory range, List<LookPlan.Look> late) {}

  /**
   * Asks for a page and has the namespace follow.
   *
   * @throws IOException where the UFS fails, or a proposal: nothing is known of the page then;
   *     UNSUPPORTED where the store does not list by key
   */
  Outcome page(String after) throws IOException {
    // What is seen here has its effect before a hint is looked at, or is asked for after that.
    Turn turn = loader.turn(mount);
    turn.lock();
    try (UfsLoader.Crossings crossings = loader.crossings()) {
      long begun = System.nanoTime();
      long asked = loader.ownChanges().now();
      UfsTreePage page = ufs.tree(after);
      long ended = 0;
      List<Long> crossed = new ArrayList<>();
      for (TreeSection section : TreeSection.of(after, page)) {
        Compared compared = state.get().read(view -> compare(section, asked, view));
        if (compared == null) {
          continue;
        }
        boolean followed = follow(compared, crossings);
        if (!followed) {
          crossed.add(compared.directory);
        }
        if (section.ended()) {
          ended++;
          if (followed && section.after().isEmpty()) {
            loader.comparisons().done(compared.directory, begun);
          }
        }
      }
      return new Outcome(page.more() ? next(page.last()) : null, ended, crossed);
    } finally {
      turn.unlock();
    }
  }

  /** Null where the directory is not loaded, or nothing is said of it. */
  private Compared compare(TreeSection section, long asked, StateView view) {
    Inode directory = find(section.path(), view);
    if (directory == null || !directory.getNamesLoaded() || section.isEmpty()) {
      return null;
    }
    ReconcileDirectory.Builder range =
        ReconcileDirectory.newBuilder()
            .setDirectory(directory.getId())
            .setAfter(section.after())
            .setUpTo(section.upTo())
            .setAsked(asked);
    List<UfsEntry> entries = new ArrayList<>();
    section
        .seen()
        .forEach(
            (name, entry) -> {
              if (BYTES.compare(name, section.after()) > 0) {
                entries.add(entry);
              }
            });
    // Whether there are these is seen later: until then they are as they are in the namespace.
    for (ByteString name : TreeSection.beginnings(section.upTo())) {
      if (BYTES.compare(name, section.after()) > 0
          && !section.seen().containsKey(name)
          && isDirectory(view.namespace().child(directory.getId(), name))) {
        entries.add(UfsEntries.directory(name));
      }
    }
    entries.sort(UfsEntries.BY_NAME);
    return new Compared(
        directory.getId(), range.addAllEntries(entries).build(), late(section, directory, view));
  }

  /** Directories that were left open by pages before, and of which this one says otherwise. */
  private static List<LookPlan.Look> late(TreeSection section, Inode directory, StateView view) {
    List<LookPlan.Look> late = new ArrayList<>();
    for (ByteString name : TreeSection.beginnings(section.after())) {
      Inode child = view.namespace().child(directory.getId(), name);
      boolean unlike =
          child == null
              ? section.seen().containsKey(name)
              : isDirectory(child) && !section.seen().containsKey(name);
      if (unlike && section.passed(name.concat(SLASH))) {
        String above = section.path().isEmpty() ? "" : section.path() + "/";
        late.add(new LookPlan.Look(directory.getId(), name, above + name.toStringUtf8()));
      }
    }
    return late;
  }

  private static boolean isDirectory(Inode inode) {
    return inode != null && NamespaceView.isDirectory(inode);
  }

  /** The directory of the mount at a path; null where there is none. */
  private Inode find(String path, StateView view) {
    Inode at = view.namespace().find(mount.getRootInode());
    int from = 0;
    while (from < path.length() && isDirectory(at)) {
      int slash = path.indexOf('/', from);
      int end = slash < 0 ? path.length() : slash;
      at = view.namespace().child(at.getId(), ByteString.copyFromUtf8(path.substring(from, end)));
      from = end + 1;
    }
    return isDirectory(at) && at.getMountId() == mount.getId() ? at : null;
  }

  /** False: a listing of the directory is under way or was since the page was asked for. */
  private boolean follow(Compared compared, UfsLoader.Crossings crossings) throws IOException {
    boolean like = loader.isLike(compared.range);
    if (like && compared.late.isEmpty()) {
      return true;
    }
    try (UfsLoader.Claim claim = loader.claim(compared.directory)) {
      if (!claim.held() || crossings.holds(compared.directory)) {
        return false;
      }
      if (!like) {
        await(() -> loader.propose(compared.range).join());
      }
      for (LookPlan.Look look : compared.late) {
        await(() -> loader.propose(loader.look(look).join()).join());
      }
      return true;
    }
  }

  private static void await(Runnable joins) throws IOException {
    try {
      joins.run();
    } catch (CompletionException e) {
      throw Failures.asCurvine(e);
    }
  }

  /** Passes over a directory in which nothing is loaded. */
  private String next(String last) {
    return state
        .get()
        .read(
            view -> {
              for (int slash = last.indexOf('/');
                  slash >= 0;
                  slash = last.indexOf('/', slash + 1)) {
                Inode directory = find(last.substring(0, slash), view);
                boolean holds =
                    directory != null
                        && (directory.getNamesLoaded()
                            || view.namespace().hasChildren(directory.getId()));
                if (!holds) {
                  return last.substring(0, slash) + BEHIND;
                }
              }
              return last;
            });
  }
}
