/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.master.command.RandomHistory;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.Difference;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Past states and their differences are those that were there. */
class PastRandomTest {
  @TempDir Path directory;

  private final long seed = Long.getLong("curvine.seed", new Random().nextLong());
  private final Random random = new Random(seed);

  /** An entry at one of its names, wherever its directory is. */
  private record Name(long parent, String name, long inode) {}

  @Test
  void aPastStateIsTheOneThatWasThere() throws IOException {
    System.out.println("PastRandomTest: -Dcurvine.seed=" + seed);
    Map<Long, Map<String, Inode>> marks = new TreeMap<>();
    try (RandomHistory history = new RandomHistory(directory.resolve("master"), random)) {
      for (int part = 0; part < 14; part++) {
        history.run(50 + random.nextInt(400));
        if (random.nextInt(3) == 0) {
          history.snapshot();
        }
        marks.put(history.offset(), TestPast.listing(history.store()));
      }
      List<Long> offsets = new ArrayList<>(marks.keySet());
      Collections.shuffle(offsets, random);
      try (TestPast past = new TestPast(history, directory.resolve("history"))) {
        for (long offset : offsets) {
          past.open(offset);
          assertThat(past.states().use(offset, state -> TestPast.listing(state.store())))
              .as("seed %d, offset %d", seed, offset)
              .contains(marks.get(offset));
          assertThat(past.states().openCount()).isLessThanOrEqualTo(2);
        }
        for (int i = 0; i + 1 < offsets.size(); i++) {
          long from = Math.min(offsets.get(i), offsets.get(i + 1));
          long to = Math.max(offsets.get(i), offsets.get(i + 1));
          past.open(from);
          past.open(to);
          compare(past, from, to, marks);
        }
      }
      assertThat(directory.resolve("history")).isEmptyDirectory();
    }
  }

  private void compare(TestPast past, long from, long to, Map<Long, Map<String, Inode>> marks)
      throws IOException {
    List<Difference> found =
        past.states()
            .use(
                from,
                before ->
                    past.states()
                        .use(
                            to,
                            after -> {
                              Comparison comparison =
                                  new Comparison(
                                      before.store().view(),
                                      after.store().view(),
                                      new PastRights(TestPast.ROOT),
                                      ByteString.EMPTY,
                                      new Throttle(0));
                              past.sources()
                                  .events(from, to, (at, event) -> comparison.take(event));
                              return comparison.differences();
                            })
                        .orElseThrow())
            .orElseThrow();
    String when = "seed " + seed + ", " + from + " to " + to;
    Set<String> gone = new TreeSet<>();
    Set<String> came = new TreeSet<>();
    Set<String> changed = new TreeSet<>();
    for (Difference each : found) {
      String path = TestPast.text(each.getPath());
      switch (each.getKind()) {
        case ENTRY_CREATED -> came.add(path);
        case ENTRY_GONE -> gone.add(path);
        case ENTRY_MOVED -> {
          came.add(path);
          gone.add(TestPast.text(each.getOldPath()));
        }
        default -> changed.add(path);
      }
    }
    Map<Name, String> before = names(marks.get(from));
    Map<Name, String> after = names(marks.get(to));
    assertThat(gone).as(when).isEqualTo(missing(before, after));
    assertThat(came).as(when).isEqualTo(missing(after, before));
    for (Map.Entry<Name, String> name : after.entrySet()) {
      if (before.containsKey(name.getKey())) {
        Inode was = marks.get(from).get(before.get(name.getKey()));
        Inode is = marks.get(to).get(name.getValue());
        if (differ(was, is)) {
          assertThat(changed).as(when).contains(name.getValue());
        } else if (!was.getHasXattrs() && !is.getHasXattrs()) {
          assertThat(changed).as(when).doesNotContain(name.getValue());
        }
      }
    }
  }

  private static Set<String> missing(Map<Name, String> of, Map<Name, String> in) {
    Set<String> missing = new TreeSet<>();
    of.forEach(
        (name, path) -> {
          if (!in.containsKey(name)) {
            missing.add(path);
          }
        });
    return missing;
  }

  private static boolean differ(Inode was, Inode is) {
    boolean time =
        was.getType() != InodeType.DIRECTORY && was.getMtimeNanos() != is.getMtimeNanos();
    return was.getVersion() != is.getVersion()
        || was.getMode() != is.getMode()
        || was.getUid() != is.getUid()
        || was.getGid() != is.getGid()
        || time;
  }

  private static Map<Name, String> names(Map<String, Inode> listing) {
    Map<Name, String> names = new HashMap<>();
    listing.forEach(
        (path, inode) -> {
          int slash = path.lastIndexOf('/');
          String above = slash == 0 ? "/" : path.substring(0, slash);
          long parent = path.equals("/") ? 0 : listing.get(above).getId();
          names.put(new Name(parent, path.substring(slash + 1), inode.getId()), path);
        });
    return names;
  }

  @Test
  void saysWhyAStateCannotBeOpened() throws IOException {
    try (RandomHistory history = new RandomHistory(directory.resolve("master"), random)) {
      history.run(50);
      try (TestPast past = new TestPast(history, directory.resolve("history"))) {
        assertThatThrownBy(() -> past.open(history.offset() + 1))
            .hasMessageContaining("cannot be had")
            .hasMessageContaining("allowed: 0 to " + history.offset());
        assertThatThrownBy(() -> past.open(0)).hasMessageContaining("the earliest is 1");
      }
      try (TestPast past = new TestPast(history, directory.resolve("history"), 2_000)) {
        assertThatThrownBy(() -> past.open(history.offset()))
            .hasMessageContaining("disk_high_watermark");
        // It is told once, and tried again.
        assertThatThrownBy(() -> past.open(history.offset())).hasMessageContaining("2000 free");
        assertThat(past.states().openCount()).isZero();
      }
    }
  }

  @Test
  void whatIsInUseIsNotClosed() throws IOException {
    try (RandomHistory history = new RandomHistory(directory.resolve("master"), random)) {
      history.run(200);
      long end = history.offset();
      try (TestPast past = new TestPast(history, directory.resolve("history"))) {
        past.open(end);
        past.open(end - 1);
        boolean used =
            past.states()
                .use(
                    end,
                    state -> {
                      past.open(end - 2);
                      return state.store().view().meta().nextOffset() == end;
                    })
                .orElseThrow();
        assertThat(used).isTrue();
        assertThat(past.states().plan(end).open()).isTrue();
        assertThat(past.states().plan(end - 1).open()).isFalse();
      }
    }
  }
}
