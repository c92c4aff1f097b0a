/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.journal.JournalLog;
import io.curvine.master.command.RandomHistory;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.change.Changes;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.ChangeType;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FetchHistory;
import io.curvine.protocol.proto.HistoryPage;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryScanTest {
  @TempDir Path directory;

  private RandomHistory history;

  private HistoryPage all(String path, Principal principal, HistoryScan.Range range)
      throws IOException {
    HistoryScan scan =
        new HistoryScan(
            history.journal(),
            history.store(),
            principal,
            FetchHistory.newBuilder().setPath(ByteString.copyFromUtf8(path)).build(),
            range);
    List<Change> changes = new ArrayList<>();
    HistoryPage page;
    do {
      // Pages of two, each cut by the time too.
      page = scan.next(2, System.nanoTime() - 1);
      changes.addAll(page.getChangesList());
    } while (!page.getFinished());
    return page.toBuilder().clearChanges().addAllChanges(changes).build();
  }

  private HistoryPage all(String path) throws IOException {
    return all(path, TestPast.ROOT, HistoryScan.Range.ALL);
  }

  private static List<String> lines(HistoryPage page) {
    return page.getChangesList().stream()
        .map(
            change ->
                change.getType()
                    + " "
                    + (change.getOldPath().isEmpty()
                        ? ""
                        : change.getOldPath().toStringUtf8() + " ")
                    + change.getPath().toStringUtf8())
        .toList();
  }

  @Test
  void followsRenamesOfTheEntryAndOfWhatItIsIn() throws IOException {
    try (RandomHistory made = new RandomHistory(directory.resolve("master"), new Random(1))) {
      history = made;
      made.make("/a/b");
      made.create("/a/b/f");
      made.create("/a/b/other");
      made.rename("/a/b/f", "/a/b/g");
      made.rename("/a", "/z");
      made.make("/a");
      made.chmod("/z/b/g", 0600);
      made.rename("/z/b", "/a/c");
      assertThat(lines(all("/a/c/g")))
          .containsExactly(
              "RENAMED /z/b /a/c",
              "ATTRIBUTES_CHANGED /z/b/g",
              "RENAMED /a /z",
              "RENAMED /a/b/f /a/b/g",
              "CREATED /a/b/f");
      HistoryPage moved = all("/a/b/f");
      assertThat(moved.getGoneOffset()).isZero();
      assertThat(moved.getLastPath().toStringUtf8()).isEqualTo("/a/c/g");
      assertThat(moved.getChangesCount()).isEqualTo(5);

      long end = history.offset();
      HistoryPage part = all("/a/c/g", TestPast.ROOT, new HistoryScan.Range(end - 2, end - 1));
      assertThat(lines(part)).containsExactly("ATTRIBUTES_CHANGED /z/b/g");
    }
  }

  @Test
  void findsTheLastOneThatHadTheName() throws IOException {
    try (RandomHistory made = new RandomHistory(directory.resolve("master"), new Random(1))) {
      history = made;
      made.make("/a");
      made.create("/a/f");
      made.delete("/a/f");
      made.create("/a/f");
      made.chmod("/a/f", 0640);
      made.rename("/a", "/b");
      long before = history.offset();
      made.delete("/b");
      made.reap(100);
      HistoryPage page = all("/b/f");
      assertThat(lines(page))
          .containsExactly(
              "DELETED /b", "RENAMED /a /b", "ATTRIBUTES_CHANGED /a/f", "CREATED /a/f");
      assertThat(page.getGoneOffset()).isEqualTo(before);
      assertThat(page.getLastPath().toStringUtf8()).isEqualTo("/b/f");
      assertThat(page.getOthersCount()).isEqualTo(1);
      assertThatThrownBy(() -> all("/never")).hasMessageContaining("nothing had it since offset 0");
    }
  }

  @Test
  void whatIsGoneIsShownToItsOwnerAlone() throws IOException {
    try (RandomHistory made = new RandomHistory(directory.resolve("master"), new Random(1))) {
      history = made;
      made.make("/a");
      made.create("/a/f");
      made.delete("/a/f");
      made.create("/a/closed");
      Principal other = Principal.newBuilder().setUid(7).build();
      assertThatThrownBy(() -> all("/a/f", other, HistoryScan.Range.ALL))
          .isInstanceOf(CurvineException.class)
          .hasMessageContaining("only its owner and uid 0");
      made.chmod("/a", 0700);
      assertThatThrownBy(() -> all("/a/f", other, HistoryScan.Range.ALL))
          .hasMessageContaining("uid 7 may not see it");
      assertThatThrownBy(() -> all("/a/closed", other, HistoryScan.Range.ALL))
          .hasMessageContaining("uid 7 may not see it");
      assertThat(lines(all("/a/f"))).hasSize(2);
    }
  }

  /** Where the entries were before a command. */
  private record Mark(Map<String, Long> byPath, Map<Long, Set<String>> byInode) {}

  @Test
  void isWhatARecordOfEveryStateSays() throws IOException {
    long seed = Long.getLong("curvine.seed", new Random().nextLong());
    System.out.println("HistoryScanTest: -Dcurvine.seed=" + seed);
    TreeMap<Long, Mark> marks = new TreeMap<>();
    Set<Long> linked = new HashSet<>();
    try (RandomHistory made = new RandomHistory(directory.resolve("master"), new Random(seed))) {
      history = made;
      for (int i = 0; i < 1_000; i++) {
        marks.put(made.offset(), mark(linked));
        made.run(1);
      }
      marks.put(made.offset(), mark(linked));
      List<Change> changes = changes(made.journal());
      Mark end = marks.lastEntry().getValue();
      Set<String> paths = new HashSet<>();
      marks.values().forEach(mark -> paths.addAll(mark.byPath.keySet()));
      int checked = 0;
      for (String path : paths) {
        long inode = lastHolder(path, marks);
        if (!linked.contains(inode) && !path.equals("/")) {
          check(path, inode, end.byPath.containsKey(path), marks, changes, "seed " + seed);
          checked++;
        }
      }
      assertThat(checked).as("seed %d", seed).isPositive();
    }
  }

  private Mark mark(Set<Long> linked) {
    Map<String, Long> byPath = new HashMap<>();
    Map<Long, Set<String>> byInode = new HashMap<>();
    for (Map.Entry<String, Inode> entry : TestPast.listing(history.store()).entrySet()) {
      byPath.put(entry.getKey(), entry.getValue().getId());
      byInode.computeIfAbsent(entry.getValue().getId(), id -> new HashSet<>()).add(entry.getKey());
    }
    byInode.forEach(
        (id, names) -> {
          if (names.size() > 1) {
            linked.add(id);
          }
        });
    return new Mark(byPath, byInode);
  }

  private static List<Change> changes(JournalLog journal) throws IOException {
    List<Change> changes = new ArrayList<>();
    for (long at = 0; at < journal.nextOffset(); ) {
      for (Event event : journal.read(at, 1 << 20).events()) {
        Changes.of(at++, event).ifPresent(changes::add);
      }
    }
    return changes;
  }

  private static long lastHolder(String path, NavigableMap<Long, Mark> marks) {
    return marks.descendingMap().values().stream()
        .filter(mark -> mark.byPath.containsKey(path))
        .findFirst()
        .orElseThrow()
        .byPath
        .get(path);
  }

  private void check(
      String path,
      long inode,
      boolean there,
      NavigableMap<Long, Mark> marks,
      List<Change> changes,
      String seed)
      throws IOException {
    String when = seed + ", " + path + ", inode " + inode;
    HistoryPage page = all(path);
    assertThat(page.getInode()).as(when).isEqualTo(inode);
    long lastSeen =
        marks.entrySet().stream()
            .filter(mark -> mark.getValue().byInode.containsKey(inode))
            .mapToLong(Map.Entry::getKey)
            .max()
            .orElseThrow();
    if (lastSeen == marks.lastKey()) {
      assertThat(page.getGoneOffset()).as(when).isZero();
      assertThat(marks.get(lastSeen).byInode.get(inode))
          .as(when)
          .containsExactly(page.getLastPath().toStringUtf8());
    } else {
      assertThat(there).as(when).isFalse();
      assertThat(page.getGoneOffset()).as(when).isBetween(lastSeen, marks.higherKey(lastSeen) - 1);
    }
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      long offset = changes.get(i).getOffset();
      if (concerns(i, inode, marks, changes) || offset == goneOffset(page)) {
        expected.add(0, offset);
      }
    }
    assertThat(page.getChangesList().stream().map(Change::getOffset))
        .as(when)
        .containsExactlyElementsOf(expected);
  }

  private static long goneOffset(HistoryPage page) {
    return page.getGoneOffset() == 0 ? -1 : page.getGoneOffset();
  }

  private static boolean concerns(
      int index, long inode, NavigableMap<Long, Mark> marks, List<Change> changes) {
    Change change = changes.get(index);
    if (change.getInode() == inode) {
      return true;
    }
    return change.getType() == ChangeType.RENAMED
        && namesBefore(index, inode, marks, changes).stream()
            .anyMatch(name -> name.startsWith(change.getOldPath().toStringUtf8() + "/"));
  }

  /** Right before a change: an exchange is several renames of one command. */
  private static Set<String> namesBefore(
      int index, long inode, NavigableMap<Long, Mark> marks, List<Change> changes) {
    Map.Entry<Long, Mark> mark = marks.floorEntry(changes.get(index).getOffset());
    int first = index;
    while (first > 0 && changes.get(first - 1).getOffset() >= mark.getKey()) {
      first--;
    }
    Set<String> names = mark.getValue().byInode.getOrDefault(inode, Set.of());
    for (Change before : changes.subList(first, index)) {
      if (before.getType() == ChangeType.RENAMED) {
        String from = before.getOldPath().toStringUtf8() + "/";
        String to = before.getPath().toStringUtf8() + "/";
        names =
            names.stream()
                .map(name -> name.startsWith(from) ? to + name.substring(from.length()) : name)
                .collect(Collectors.toSet());
      }
    }
    return names;
  }
}
