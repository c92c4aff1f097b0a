/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random operations, stops and torn tails, beside a plain list. */
class JournalLogRandomisedTest {
  private static final int STEPS = 300;

  @TempDir Path temp;

  private Random random;
  private Path dir;
  private JournalLog log;
  private JournalConfig config;

  /** Event at index i is at offset start + i. */
  private List<Event> model = new ArrayList<>();

  private long start;
  private long number;
  private int copies;

  static LongStream seeds() {
    return LongStream.concat(LongStream.rangeClosed(1, 7), LongStream.of(System.nanoTime()));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void behavesLikeAList(long seed) throws Exception {
    System.out.println("JournalLogRandomisedTest seed " + seed);
    random = new Random(seed);
    dir = temp.resolve("journal");
    config = new JournalConfig(1024 + random.nextInt(8192), Long.MAX_VALUE, Duration.ofDays(9999));
    log = JournalLog.open(dir, config);
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(12)) {
        case 0 -> truncate();
        case 1 -> reopen();
        case 2 -> tear();
        case 3 -> dropOldest();
        case 4 -> moveToCopy();
        case 5 -> log.flush();
        case 6 -> compareSome();
        default -> append();
      }
      assertThat(log.nextOffset()).as("step %d", step).isEqualTo(start + model.size());
      assertThat(log.startOffset()).isEqualTo(start);
    }
    compareAll();
    log.close();
  }

  private void append() throws IOException {
    List<Event> events = new ArrayList<>();
    int count = random.nextInt(30);
    for (int i = 0; i < count; i++) {
      events.add(TestEvents.event(number++));
    }
    log.append(log.nextOffset(), StoredEvent.all(events));
    model.addAll(events);
  }

  private void truncate() throws IOException {
    int keep = random.nextInt(model.size() + 1);
    if (random.nextInt(3) > 0) {
      keep = Math.max(keep, model.size() - 10);
    }
    log.truncateTo(start + keep);
    cutModel(keep);
  }

  private void cutModel(int keep) {
    model = new ArrayList<>(model.subList(0, keep));
  }

  private void reopen() throws IOException {
    String chain = log.chainHash();
    log.close();
    if (random.nextBoolean()) {
      deleteIndexes();
    }
    log = JournalLog.open(dir, config);
    assertThat(log.chainHash()).isEqualTo(chain);
    compareAll();
  }

  private void deleteIndexes() throws IOException {
    try (var files = Files.newDirectoryStream(dir, "*.index")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /** A stop in the middle of a write: the newest file lacks its end, or ends in rubbish. */
  private void tear() throws IOException {
    log.close();
    List<Long> bases = JournalFiles.baseOffsets(dir);
    long base = bases.get(bases.size() - 1);
    try (FileChannel file =
        FileChannel.open(
            JournalFiles.path(dir, base, JournalFiles.LOG),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      long size = file.size();
      switch (random.nextInt(3)) {
        case 0 -> file.truncate(size - Math.min(size, random.nextInt(400)));
        case 1 -> {
          byte[] rubbish = new byte[random.nextInt(400)];
          random.nextBytes(rubbish);
          file.write(ByteBuffer.wrap(rubbish), size);
        }
        default -> {
          if (size > 0) {
            long at = size - 1 - random.nextInt((int) Math.min(size, 300));
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, at);
            one.put(0, (byte) (one.get(0) ^ (1 << random.nextInt(8)))).rewind();
            file.write(one, at);
          }
        }
      }
    }
    log = JournalLog.open(dir, config);
    assertThat(log.nextOffset()).isBetween(base, start + model.size());
    cutModel((int) (log.nextOffset() - start));
    compareAll();
  }

  private void dropOldest() throws IOException {
    if (random.nextInt(4) > 0) {
      return;
    }
    log.close();
    JournalConfig small =
        new JournalConfig(config.segmentBytes(), 4 * config.segmentBytes(), config.retentionAge());
    try (JournalLog shrinking = JournalLog.open(dir, small)) {
      shrinking.applyRetention(JournalLog.Floor.NONE);
      assertThat(shrinking.sizeBytes()).isLessThanOrEqualTo(5 * config.segmentBytes());
      assertThat(shrinking.startOffset()).isBetween(start, start + model.size());
      model = new ArrayList<>(model.subList((int) (shrinking.startOffset() - start), model.size()));
      start = shrinking.startOffset();
    }
    log = JournalLog.open(dir, config);
  }

  /** A backup is not touched by what happens to the journal after it. */
  private void moveToCopy() throws IOException {
    Path copy = temp.resolve("copy-" + copies++);
    log.linkTo(copy);
    String chain = log.chainHash();
    long next = log.nextOffset();
    for (int i = 0; i < 5; i++) {
      log.append(
          log.nextOffset(),
          StoredEvent.all(TestEvents.events(1_000_000, 1_000_000 + random.nextInt(40))));
      log.truncateTo(start + random.nextInt((int) (log.nextOffset() - start) + 1));
    }
    log.close();
    Path target = random.nextBoolean() ? dir : temp.resolve("restored-" + copies);
    JournalLog.restore(copy, target);
    dir = target;
    log = JournalLog.open(dir, config);
    assertThat(log.nextOffset()).isEqualTo(next);
    assertThat(log.chainHash()).isEqualTo(chain);
    compareAll();
  }

  private void compareSome() throws IOException {
    int from = random.nextInt(model.size() + 1);
    EventSlice slice = log.read(start + from, random.nextInt(2000));
    assertThat(slice.firstOffset()).isEqualTo(start + from);
    assertThat(slice.events()).isEqualTo(model.subList(from, from + slice.events().size()));
    assertThat(slice.events().isEmpty()).isEqualTo(from == model.size());
    assertThatThrownBy(() -> log.read(start - 1, 100)).isInstanceOf(CurvineException.class);
    assertThatThrownBy(() -> log.read(log.nextOffset() + 1, 100))
        .isInstanceOf(CurvineException.class);
    if (from < model.size()) {
      long millis = model.get(from).getTimeNanos() / 1_000_000;
      assertThat(log.firstAtOrAfter(millis)).contains(new TimedOffset(start + from, millis));
    }
  }

  private void compareAll() throws IOException {
    assertThat(TestEvents.readAll(log, start, 1 + random.nextInt(5000))).isEqualTo(model);
    log.verify();
    if (start == 0) {
      ChainHash chain = ChainHash.EMPTY;
      for (Event event : model) {
        chain = chain.next(StoredEvent.of(event).bytes().toByteArray());
      }
      assertThat(log.chainHash()).isEqualTo(chain.toString());
    }
  }
}
