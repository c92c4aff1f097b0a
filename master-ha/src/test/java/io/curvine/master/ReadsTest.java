/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.master.read.ReadLease;
import io.curvine.protocol.proto.Consistency;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetClusterStatus;
import io.curvine.protocol.proto.GetEntry;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.Query;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What reads at three masters promise, while these write and fail. */
@Timeout(240)
class ReadsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration ELECTION_MAX = Duration.ofSeconds(20);

  @TempDir Path directory;

  private static Query.Builder entry(String path) {
    return Query.newBuilder().setGetEntry(GetEntry.newBuilder().setAt(Trio.at(path)));
  }

  private static MasterRequest linearizable(String path) {
    return request(entry(path).setConsistency(Consistency.LINEARIZABLE_ANY));
  }

  private static Query.Builder stale(String path, Duration bound) {
    return entry(path)
        .setConsistency(Consistency.BOUNDED_STALE)
        .setMaxStalenessMs(Math.toIntExact(bound.toMillis()));
  }

  private static MasterRequest request(Query.Builder query) {
    return MasterRequest.newBuilder().setQuery(query).build();
  }

  /** Its answer, after an election if there happens to be one. */
  private static MasterResponse settled(Trio trio, String master, MasterRequest request) {
    long end = System.nanoTime() + ELECTION_MAX.toNanos();
    MasterResponse response;
    do {
      response = trio.ask(master, request);
      assertThat(System.nanoTime()).as("%s: %s", master, response.getMessage()).isLessThan(end);
    } while (response.getCode() == ErrorCode.NOT_READY);
    return response;
  }

  private static long offset(MasterResponse response) {
    assertThat(response.hasQuery()).as(response.getMessage()).isTrue();
    return response.getQuery().getOffset();
  }

  @Test
  void everyMasterSeesEveryAcknowledgedWrite() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      List<String> masters = List.of("m1", "m2", "m3");
      for (int i = 1; i <= 1_000; i++) {
        String path = "/d" + i;
        assertThat(trio.command(Trio.mkdir(session, i, path)).getCode()).isEqualTo(ErrorCode.OK);
        List<CompletableFuture<MasterResponse>> asked =
            masters.stream().map(id -> trio.send(id, linearizable(path))).toList();
        for (int m = 0; m < masters.size(); m++) {
          MasterResponse read = asked.get(m).join();
          if (read.getCode() == ErrorCode.NOT_READY) {
            read = settled(trio, masters.get(m), linearizable(path));
          }
          assertThat(read.getCode()).as("%s at %s", path, masters.get(m)).isEqualTo(ErrorCode.OK);
        }
      }
    }
  }

  @Test
  void noLinearizableReadIsBehindAnEarlierOneWhereverTheyAre() throws IOException {
    try (Trio trio = new Trio(directory, config -> config);
        Writer writer = new Writer(trio)) {
      trio.startAll();
      writer.start();
      long seen = 0;
      List<String> followers = trio.followers();
      List<String> turns = List.of(followers.get(0), trio.leader(), followers.get(1));
      for (int i = 0; i < 1_500; i++) {
        String master = turns.get(i % turns.size());
        long acknowledged = writer.acknowledgedBy(System.nanoTime());
        long offset = offset(settled(trio, master, linearizable("/none")));
        assertThat(offset).as("read %s at %s", i, master).isGreaterThanOrEqualTo(seen);
        assertThat(offset).as("read %s at %s", i, master).isGreaterThan(acknowledged);
        seen = offset;
      }
    }
  }

  @Test
  void aStaleReadSaysWhereItIsAndKeepsItsBound() throws IOException {
    try (Trio trio = new Trio(directory, config -> config);
        Writer writer = new Writer(trio)) {
      trio.startAll();
      writer.start();
      List<String> followers = trio.followers();
      for (int i = 0; i < 1_000; i++) {
        Duration bound = Duration.ofMillis(1 + i % 50);
        long acknowledged = writer.acknowledgedBy(System.nanoTime() - bound.toNanos());
        MasterResponse read = settled(trio, followers.get(i % 2), request(stale("/none", bound)));
        assertThat(read.getCode()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(offset(read)).as("read %s", i).isGreaterThan(acknowledged);
      }
    }
  }

  @Test
  void aReaderNeverGoesBackBehindWhatItHasSeen() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      List<String> followers = trio.followers();
      for (int i = 1; i <= 200; i++) {
        String path = "/d" + i;
        MasterResponse made = trio.command(Trio.mkdir(session, i, path));
        long seen = made.getCommand().getOffset() + 1;
        MasterResponse read =
            trio.ask(followers.get(i % 2), request(stale(path, HOUR).setMinOffset(seen)));
        assertThat(read.getCode()).as(read.getMessage()).isEqualTo(ErrorCode.OK);
        assertThat(offset(read)).isGreaterThanOrEqualTo(seen);
      }
      for (String master : List.of("m1", "m2", "m3")) {
        MasterResponse ahead = trio.ask(master, request(stale("/d1", HOUR).setMinOffset(1L << 40)));
        assertThat(ahead.getCode()).isEqualTo(ErrorCode.NOT_READY);
        assertThat(ahead.getMessage()).contains("asked for " + (1L << 40));
      }
    }
  }

  @Test
  void aLeaderAloneStopsAnsweringWhenItsLeaseEnds() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      assertThat(trio.command(Trio.mkdir(session, 1, "/a")).getCode()).isEqualTo(ErrorCode.OK);
      String leader = trio.leader();
      MasterRequest read = request(entry("/a"));
      assertThat(trio.ask(leader, read).getCode()).isEqualTo(ErrorCode.OK);
      for (String follower : trio.followers()) {
        trio.stop(follower);
      }
      long alone = System.nanoTime();
      MasterResponse last;
      long asked;
      do {
        asked = System.nanoTime();
        last = trio.ask(leader, read);
        if (last.getCode() == ErrorCode.OK) {
          assertThat(Duration.ofNanos(asked - alone)).isLessThanOrEqualTo(ReadLease.LENGTH);
        }
      } while (last.getCode() == ErrorCode.OK);
      assertThat(last.getCode()).isIn(ErrorCode.NOT_READY, ErrorCode.NOT_LEADER);
    }
  }

  @Test
  void oneWithoutALeaderAnswersOnlyWhatMayBeStaleEnough() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      assertThat(trio.command(Trio.mkdir(session, 1, "/a")).getCode()).isEqualTo(ErrorCode.OK);
      List<String> followers = trio.followers();
      String left = followers.get(0);
      assertThat(trio.ask(left, linearizable("/a")).getCode()).isEqualTo(ErrorCode.OK);
      // In this order: the two that are left would have a new leader at once.
      trio.stop(followers.get(1));
      trio.stop(trio.leader());
      assertThat(trio.ask(left, request(stale("/a", HOUR))).getCode()).isEqualTo(ErrorCode.OK);
      assertThat(trio.ask(left, linearizable("/a")).getCode()).isEqualTo(ErrorCode.NOT_READY);
      assertThat(trio.ask(left, request(stale("/a", Duration.ofMillis(1)))).getCode())
          .isEqualTo(ErrorCode.NOT_READY);
    }
  }

  @Test
  void aFollowerSaysWhoCanAnswerWhatItCannot() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      String follower = trio.follower();
      String leaderRpc = trio.config(trio.leader()).self().rpc().toString();
      MasterResponse refused = trio.ask(follower, request(entry("/")));
      assertThat(refused.getCode()).isEqualTo(ErrorCode.NOT_LEADER);
      assertThat(refused.getLeaderRpc()).isEqualTo(leaderRpc);
      MasterResponse status =
          trio.ask(
              follower,
              request(
                  Query.newBuilder()
                      .setConsistency(Consistency.LINEARIZABLE_ANY)
                      .setGetClusterStatus(GetClusterStatus.getDefaultInstance())));
      assertThat(status.getCode()).isEqualTo(ErrorCode.NOT_LEADER);
      assertThat(status.getLeaderRpc()).isEqualTo(leaderRpc);
      assertThat(trio.ask(follower, request(stale("/", Duration.ZERO))).getCode())
          .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }
  }

  @Test
  void readsWithoutALeaseWhereThatIsTurnedOff() throws IOException {
    try (Trio trio = new Trio(directory, config -> config.withReadLease(false))) {
      trio.startAll();
      long session = trio.openSession();
      for (int i = 1; i <= 50; i++) {
        String path = "/d" + i;
        assertThat(trio.command(Trio.mkdir(session, i, path)).getCode()).isEqualTo(ErrorCode.OK);
        assertThat(trio.exists(path)).isTrue();
        assertThat(trio.ask(trio.follower(), linearizable(path)).getCode()).isEqualTo(ErrorCode.OK);
      }
    }
  }

  /** Writes one after the other and notes when each was acknowledged. */
  private static final class Writer implements AutoCloseable {
    private final Trio trio;
    private final ConcurrentSkipListMap<Long, Long> acknowledged = new ConcurrentSkipListMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Void> failed = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, "writer");
    private String leader;
    private long session;

    Writer(Trio trio) {
      this.trio = trio;
    }

    void start() {
      leader = trio.leader();
      session = trio.openSession();
      acknowledged.put(Long.MIN_VALUE, -1L);
      thread.start();
    }

    private void run() {
      try {
        for (int seq = 1; !closed.get(); ) {
          MasterRequest mkdir =
              MasterRequest.newBuilder().setCommand(Trio.mkdir(session, seq, "/w" + seq)).build();
          MasterResponse made = trio.send(leader, mkdir).join();
          if (made.getCode() == ErrorCode.OK) {
            acknowledged.put(System.nanoTime(), made.getCommand().getOffset());
            seq++;
          } else {
            assertThat(made.getCode())
                .as(made.getMessage())
                .isIn(ErrorCode.NOT_LEADER, ErrorCode.NOT_READY, ErrorCode.UNKNOWN_OUTCOME);
            leader = trio.leader();
          }
        }
        failed.complete(null);
      } catch (RuntimeException | Error e) {
        failed.completeExceptionally(e);
      }
    }

    /** Offset of the last event that was acknowledged by then; -1 where none was. */
    long acknowledgedBy(long nanos) {
      return acknowledged.floorEntry(nanos).getValue();
    }

    @Override
    public void close() {
      closed.set(true);
      failed.join();
      assertThat(acknowledged).as("writes").hasSizeGreaterThan(10);
    }
  }
}
