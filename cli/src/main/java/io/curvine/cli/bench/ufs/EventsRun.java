/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.curvine.cli.CliException;
import io.curvine.cli.bench.BucketEvent;
import io.curvine.cli.bench.CpuClock;
import io.curvine.cli.bench.feed.FeedBroker;
import io.curvine.client.Refs;
import io.curvine.protocol.proto.EntryOutcome;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.SourceSync;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Sends notifications of a bucket to a topic at a rate, and looks at how the leader takes them in.
 * For one use.
 */
final class EventsRun {
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long DRAIN_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final int STAT_MAX = 1_000;

  private final NumberedBed bed;
  private final List<Long> masters;
  private final int perSecond;
  private final double changedShare;
  private final Random random = new Random(1);
  private final BitSet changed = new BitSet();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile boolean writing = true;

  /**
   * A run.
   *
   * @param masters their processes
   * @param changedShare of the notifications, those before which the object changed
   */
  EventsRun(NumberedBed bed, List<Long> masters, int perSecond, double changedShare) {
    this.bed = bed;
    this.masters = masters;
    this.perSecond = perSecond;
    this.changedShare = changedShare;
  }

  /**
   * Some seconds of it.
   *
   * @param seconds from the first notification to its end
   * @param sent notifications so far
   * @param taken so far, as the journal has it, which is told once a second
   * @param behind at the source, at its end; less than 0: not known
   * @param masterProcessors of all masters
   */
  record Window(
      double seconds,
      double sentPerSecond,
      double takenPerSecond,
      long sent,
      long taken,
      long behind,
      double masterProcessors) {
    /** What was sent and not taken in. */
    long lag() {
      return sent - taken;
    }
  }

  /**
   * What was seen.
   *
   * @param windows while notifications were sent
   * @param drainSeconds from the last notification until all were taken in
   * @param changed objects that were changed, once or more
   */
  record Outcome(
      List<Window> windows, double drainSeconds, int changed, NumberedBucket.Calls calls) {
    Outcome {
      windows = List.copyOf(windows);
    }

    /** Notifications by which the lag grows each second, from the first third to the last. */
    double growthPerSecond() {
      int third = Math.max(1, windows.size() / 3);
      List<Window> first = windows.subList(0, third);
      List<Window> last = windows.subList(windows.size() - third, windows.size());
      double seconds = mean(last, Window::seconds) - mean(first, Window::seconds);
      return seconds <= 0 ? 0 : (mean(last, Window::lag) - mean(first, Window::lag)) / seconds;
    }

    private static double mean(List<Window> of, ToDoubleFunction<Window> figure) {
      return of.stream().mapToDouble(figure).average().orElse(0);
    }
  }

  /** Sends for so many seconds, and waits until all were taken in and are seen. */
  Outcome run(FeedBroker broker, String topic, int seconds, Consumer<Window> told)
      throws IOException, InterruptedException {
    long takenBefore = taken(source());
    NumberedBucket.Calls before = bed.bucket().calls();
    List<Window> windows = new ArrayList<>();
    long ended;
    try (FeedBroker.Writing to = broker.write(topic)) {
      Thread writer = new Thread(() -> write(to, (long) perSecond * seconds), "events-writer");
      long began = System.nanoTime();
      writer.start();
      while (writing) {
        windows.add(window(began, takenBefore, windows));
        told.accept(windows.get(windows.size() - 1));
      }
      writer.join();
      ended = System.nanoTime();
    }
    awaitTaken(takenBefore, ended);
    double drained = (System.nanoTime() - ended) / 1e9;
    NumberedBucket.Calls calls = bed.bucket().calls().since(before);
    requireChanged();
    return new Outcome(windows, drained, changed.cardinality(), calls);
  }

  /** The place in the topic's one partition; its hints are fewer, as those of one path are one. */
  private static long taken(SourceSync source) {
    String cursor = source.getJournaled().getCursor();
    return Long.parseLong(cursor.substring(cursor.lastIndexOf(':') + 1));
  }

  private SourceSync source() throws IOException {
    return bed.sync().getSources(0);
  }

  private Window window(long began, long takenBefore, List<Window> before) throws IOException {
    CpuClock cpu = CpuClock.read(masters);
    long from = System.nanoTime();
    while (writing && System.nanoTime() - from < WINDOW_NANOS) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    SourceSync source = source();
    long taken = taken(source) - takenBefore;
    long now = System.nanoTime();
    double seconds = (now - from) / 1e9;
    Window last =
        before.isEmpty() ? new Window(0, 0, 0, 0, 0, 0, 0) : before.get(before.size() - 1);
    double micros =
        CpuClock.read(masters).microsSince(cpu).values().stream()
            .mapToDouble(Double::doubleValue)
            .sum();
    return new Window(
        (now - began) / 1e9,
        (sent.get() - last.sent) / seconds,
        (taken - last.taken) / seconds,
        sent.get(),
        taken,
        source.getBehind(),
        micros / 1e6 / seconds);
  }

  private void write(FeedBroker.Writing to, long total) {
    try {
      long began = System.nanoTime();
      for (long number = 0; number < total; number++) {
        long due = began + (long) (number * 1e9 / perSecond);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        int object = random.nextInt(bed.bucket().objects());
        if (random.nextDouble() < changedShare) {
          bed.bucket().change(object);
          changed.set(object);
        }
        to.write(
            Long.toString(number),
            event(object).getBytes(UTF_8),
            (key, succeeded) -> (succeeded ? acknowledged : refused).incrementAndGet());
        sent.incrementAndGet();
      }
    } finally {
      writing = false;
    }
  }

  private String event(int object) {
    return BucketEvent.written(
        NumberedBucket.NAME,
        bed.bucket().key(object),
        bed.bucket().length(object),
        bed.bucket().eTag(object));
  }

  private void awaitTaken(long takenBefore, long ended) throws IOException {
    if (refused.get() > 0) {
      throw new CliException("the broker did not take " + refused.get() + " notifications");
    }
    SourceSync source = source();
    while (taken(source) - takenBefore < sent.get()) {
      if (!source.getFailure().isEmpty() || System.nanoTime() - ended > DRAIN_NANOS) {
        throw new CliException(
            "of "
                + sent.get()
                + " notifications "
                + (taken(source) - takenBefore)
                + " were taken in; "
                + source.getBehind()
                + " wait; "
                + source.getFailure());
      }
      LockSupport.parkNanos(LOOK_NANOS);
      source = source();
    }
  }

  /** Each object that changed has to be known at its last version. */
  private void requireChanged() throws IOException {
    int[] all = changed.stream().toArray();
    for (int from = 0; from < all.length; from += STAT_MAX) {
      List<EntryRef> refs = new ArrayList<>();
      for (int i = from; i < Math.min(all.length, from + STAT_MAX); i++) {
        refs.add(Refs.path(bed.path(all[i])));
      }
      List<EntryOutcome> found = bed.client().namespace().stat(refs, false);
      for (int i = 0; i < found.size(); i++) {
        int object = all[from + i];
        long length = found.get(i).getEntry().getInode().getLengthBytes();
        if (length != bed.bucket().length(object)) {
          throw new CliException(
              bed.path(object)
                  + " has "
                  + length
                  + " bytes after all notifications; the bucket has "
                  + bed.bucket().length(object));
        }
      }
    }
  }
}
