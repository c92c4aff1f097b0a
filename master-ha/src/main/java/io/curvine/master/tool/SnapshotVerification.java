/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import com.google.protobuf.InvalidProtocolBufferException;
import io.curvine.journal.tool.JournalReader;
import io.curvine.master.snapshot.SnapshotFiles;
import io.curvine.master.snapshot.SnapshotManifests;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.view.MetaView;
import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreException;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.SnapshotFile;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a snapshot is what a master took: its files, its values, its journal, and that the events
 * since the snapshot before give exactly this state. Changes nothing in it. For one thread.
 */
public final class SnapshotVerification {
  private final Path snapshot;
  private final List<Check> checks = new ArrayList<>();
  private SnapshotManifest manifest;

  /** What came of a check. */
  public enum Outcome {
    GOOD,
    BAD,
    NOT_CHECKED
  }

  /**
   * One check.
   *
   * @param detail what was found, or why it was not looked for
   */
  public record Check(String what, Outcome outcome, String detail) {}

  private SnapshotVerification(Path snapshot) {
    this.snapshot = snapshot.toAbsolutePath().normalize();
  }

  /**
   * Makes all checks; those that need what another found broken are not made.
   *
   * @param before where the fold begins: an older snapshot of the same master; null: none is known
   * @param work an empty directory for the fold, which is removed
   */
  public static List<Check> of(Path snapshot, Path before, Path work) throws IOException {
    SnapshotVerification verification = new SnapshotVerification(snapshot);
    if (verification.checkManifest()
        && verification.checkFiles()
        && verification.checkValues()
        && verification.checkJournal()) {
      verification.checkFold(before, work);
    }
    return List.copyOf(verification.checks);
  }

  /** The newest older snapshot beside one; null where there is none. */
  public static Path before(Path snapshot) throws IOException {
    Path found = null;
    Path normal = snapshot.toAbsolutePath().normalize();
    for (Path other : SnapshotDirectory.list(normal.getParent())) {
      if (SnapshotDirectory.index(other) < SnapshotDirectory.index(normal)) {
        found = other;
      }
    }
    return found;
  }

  private boolean good(String what, String detail) {
    checks.add(new Check(what, Outcome.GOOD, detail));
    return true;
  }

  private boolean bad(String what, String detail) {
    checks.add(new Check(what, Outcome.BAD, detail));
    return false;
  }

  private boolean checkManifest() throws IOException {
    String what = "manifest";
    try {
      manifest = SnapshotManifests.read(snapshot);
    } catch (NoSuchFileException e) {
      return bad(what, "it is missing");
    } catch (InvalidProtocolBufferException e) {
      return bad(what, "it cannot be read: " + e.getMessage());
    }
    boolean sealed = SnapshotManifests.isSealed(manifest);
    if (!sealed && !manifest.getUnknownFields().asMap().isEmpty()) {
      // No older build wrote such; the checksum's own field may be what is damaged.
      return bad(what, "it has no checksum of its own, and fields that are not of a manifest");
    }
    String name = snapshot.getFileName().toString();
    if (SnapshotDirectory.index(snapshot) >= 0 && !manifest.getName().equals(name)) {
      return bad(what, "it is of " + manifest.getName());
    }
    if (!sealed) {
      notChecked(what, "it has no checksum of its own: it is of an older build");
      return true;
    }
    return good(what, manifest.getFilesCount() + " files");
  }

  private boolean checkFiles() throws IOException {
    String what = "files";
    Set<String> named =
        manifest.getFilesList().stream().map(SnapshotFile::getPath).collect(Collectors.toSet());
    long bytes = 0;
    for (SnapshotFile expected : manifest.getFilesList()) {
      Path relative = Path.of(expected.getPath());
      if (!snapshot.resolve(relative).normalize().startsWith(snapshot.normalize())
          || !Files.isRegularFile(snapshot.resolve(relative))) {
        return bad(what, expected.getPath() + " is missing");
      }
      SnapshotFile found = SnapshotFiles.describe(snapshot, relative);
      if (found.getLengthBytes() != expected.getLengthBytes()) {
        return bad(
            what,
            expected.getPath()
                + " has "
                + found.getLengthBytes()
                + " bytes instead of "
                + expected.getLengthBytes());
      }
      if (!found.equals(expected)) {
        return bad(what, expected.getPath() + " is damaged: its SHA-256 differs");
      }
      bytes += found.getLengthBytes();
    }
    for (Path relative : SnapshotFiles.list(snapshot)) {
      String path = relative.toString().replace('\\', '/');
      if (!named.contains(path) && !path.equals(SnapshotManifests.FILE)) {
        return bad(what, path + " does not belong to it");
      }
    }
    return good(what, bytes + " bytes as the manifest says");
  }

  private boolean checkValues() {
    String what = "values";
    try (StateStore store = StatePlace.openState(snapshot.resolve(SnapshotStore.DATABASE));
        FrozenState state = store.freeze()) {
      long keys = 0;
      for (ColumnFamily<?> family : ColumnFamily.all()) {
        long[] count = {0};
        KeyRange.all(family)
            .visit(
                state,
                (key, value) -> {
                  count[0]++;
                  family.toValue(value);
                  return true;
                },
                bytes -> {});
        keys += count[0];
      }
      String wrong = wrongPosition(state.view().meta());
      return wrong.isEmpty() ? good(what, keys + " keys can be read") : bad(what, wrong);
    } catch (IOException | IllegalStateException | StoreException e) {
      return bad(what, "the database cannot be read: " + e.getMessage());
    }
  }

  private String wrongPosition(MetaView meta) {
    List<String> wrong = new ArrayList<>();
    compare("offset", meta.nextOffset(), manifest.getOffset(), wrong);
    compare("term", meta.get(Counter.APPLIED_TERM), manifest.getTerm(), wrong);
    compare("index", meta.get(Counter.APPLIED_INDEX), manifest.getIndex(), wrong);
    compare("cluster", meta.clusterId(), manifest.getClusterId(), wrong);
    return String.join(", ", wrong);
  }

  private static void compare(String what, Object inside, Object said, List<String> wrong) {
    if (!inside.equals(said)) {
      wrong.add("the state's " + what + " is " + inside + ", the manifest's " + said);
    }
  }

  private boolean checkJournal() throws IOException {
    String what = "journal";
    try {
      JournalReader journal = JournalReader.open(snapshot.resolve(SnapshotStore.JOURNAL));
      journal.verify();
      if (journal.nextOffset() < manifest.getOffset()
          || journal.startOffset() > manifest.getOffset()) {
        return bad(
            what,
            "it holds "
                + journal.startOffset()
                + " to "
                + journal.nextOffset()
                + ", and not the state's offset "
                + manifest.getOffset());
      }
      String chain = journal.chainHashAt(manifest.getOffset());
      if (!chain.equals(manifest.getChainHash())) {
        return bad(
            what, "its chain hash is " + chain + ", the manifest's " + manifest.getChainHash());
      }
      return good(
          what,
          "offsets " + journal.startOffset() + " to " + journal.nextOffset() + ", its chain whole");
    } catch (IOException e) {
      return bad(what, e.getMessage());
    }
  }

  private void checkFold(Path before, Path work) throws IOException {
    String what = "fold";
    JournalReader journal = JournalReader.open(snapshot.resolve(SnapshotStore.JOURNAL));
    boolean fromStart = before == null && journal.startOffset() == 0;
    if (before == null && !fromStart) {
      notChecked(what, "there is no older snapshot, and the journal begins later");
      return;
    }
    long from;
    try {
      from = before == null ? 0 : SnapshotManifests.read(before).getOffset();
    } catch (IOException e) {
      notChecked(what, "the manifest of " + before.getFileName() + " cannot be read: " + e);
      return;
    }
    if (journal.startOffset() > from) {
      notChecked(
          what,
          "the journal begins at "
              + journal.startOffset()
              + ", the older snapshot ends at "
              + from);
      return;
    }
    Path database = before == null ? null : before.resolve(SnapshotStore.DATABASE);
    try (StateStore folded = Replay.openCopy(database, work)) {
      Replay replay = new Replay(folded, (events, at, target) -> {});
      replay.forgetResults();
      long events = replay.run(journal, manifest.getOffset());
      compareWith(folded, events, before == null ? "the beginning" : before.getFileName());
    } catch (IOException | IllegalStateException | StoreException e) {
      bad(what, "the events do not give a state: " + e.getMessage());
    } finally {
      FileTrees.deleteIfExists(work);
    }
  }

  private void notChecked(String what, String why) {
    checks.add(new Check(what, Outcome.NOT_CHECKED, why));
  }

  private void compareWith(StateStore folded, long events, Object since) throws IOException {
    try (StateStore store = StatePlace.openState(snapshot.resolve(SnapshotStore.DATABASE));
        FrozenState mine = store.freeze();
        FrozenState other = folded.freeze()) {
      List<ColumnFamily<?>> differing =
          StateDigest.of(mine, new Throttle(0)).differences(StateDigest.of(other, new Throttle(0)));
      if (differing.isEmpty()) {
        good("fold", events + " events since " + since + " give this state");
      } else {
        bad("fold", events + " events since " + since + " give another state: " + differing);
      }
    }
  }
}
