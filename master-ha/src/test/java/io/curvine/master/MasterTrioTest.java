/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FetchEvents;
import io.curvine.protocol.proto.GetClusterStatus;
import io.curvine.protocol.proto.GetSnapshotManifest;
import io.curvine.protocol.proto.ListDirectory;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.MountUfs;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.SnapshotManifest;
import io.curvine.protocol.proto.WritePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three masters through the loss of a leader, a restart and the loss of a disk. */
@Timeout(120)
class MasterTrioTest {
  @TempDir Path directory;

  @Test
  void survivesTheLossOfItsLeaderAndAnswersRetriesAsAtFirst() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      Command mkdir = Trio.mkdir(session, 1, "/a");
      MasterResponse first = trio.command(mkdir);
      assertThat(first.getCode()).isEqualTo(ErrorCode.OK);
      Command create = Trio.create(session, 2, "/a/f");
      MasterResponse created = trio.command(create);
      assertThat(created.getCode()).as(created.getMessage()).isEqualTo(ErrorCode.OK);

      String leader = trio.leader();
      MasterResponse hint =
          trio.ask(trio.follower(), MasterRequest.newBuilder().setCommand(mkdir).build());
      assertThat(hint.getCode()).isEqualTo(ErrorCode.NOT_LEADER);
      assertThat(hint.getLeaderRpc()).isEqualTo(trio.config(leader).self().rpc().toString());

      trio.stop(leader);
      assertThat(trio.leader()).isNotEqualTo(leader);
      assertThat(trio.command(create).getCommand()).isEqualTo(created.getCommand());
      assertThat(trio.exists("/a/f")).isTrue();
      assertThat(trio.exists("/a/g")).isFalse();
      assertThat(trio.command(Trio.mkdir(session, 3, "/a")).getCode())
          .isEqualTo(ErrorCode.ALREADY_EXISTS);
      assertThat(trio.command(Trio.mkdir(session, 4, "/b")).getCode()).isEqualTo(ErrorCode.OK);

      trio.start(leader);
      trio.until("the old leader is back", () -> trio.node(leader).ready());
      assertThat(statuses(trio)).extracting(MasterStatus::getRole).contains("leader");
      sameJournal(trio);
    }
  }

  private static List<MasterStatus> statuses(Trio trio) {
    return trio.call(
            MasterRequest.newBuilder()
                .setQuery(
                    Query.newBuilder().setGetClusterStatus(GetClusterStatus.getDefaultInstance()))
                .build())
        .getQuery()
        .getClusterStatus()
        .getMastersList();
  }

  /** Every master gives the same events, once it has them. */
  private static void sameJournal(Trio trio) {
    String leader = trio.leader();
    MasterResponse expected = events(trio, leader);
    for (String id : List.of("m1", "m2", "m3")) {
      trio.until(
          "events at " + id,
          () ->
              events(trio, id).getFetchEvents().getNextOffset()
                  >= expected.getFetchEvents().getNextOffset());
      assertThat(events(trio, id).getFetchEvents().getEventsList())
          .startsWith(
              expected
                  .getFetchEvents()
                  .getEventsList()
                  .toArray(new io.curvine.protocol.proto.Event[0]));
    }
  }

  private static MasterResponse events(Trio trio, String id) {
    return trio.ask(
        id,
        MasterRequest.newBuilder()
            .setFetchEvents(FetchEvents.newBuilder().setMaxBytes(4 << 20))
            .build());
  }

  @Test
  void comesBackFromASnapshotOrWithoutAnything() throws IOException {
    try (Trio trio = new Trio(directory, config -> config.withSnapshots(100, 64 << 10))) {
      trio.startAll();
      long session = trio.openSession();
      int made = 0;
      while (made < 700) {
        make(trio, session, ++made);
      }
      String wiped = trio.follower();
      String leader = trio.leader();
      // A snapshot that is due while another is being taken waits for the next entry.
      AtomicInteger more = new AtomicInteger(made);
      trio.until(
          "a snapshot and a purged log at the leader",
          () -> {
            make(trio, session, more.incrementAndGet());
            return manifest(trio, leader).getIndex() > 500 && !logBeginsAtZero(trio.config(leader));
          });

      trio.stop(wiped);
      FileTrees.delete(trio.directory(wiped));
      trio.start(wiped);
      trio.until("the wiped master is back", () -> trio.node(wiped).ready());
      assertThat(trio.directory(wiped).resolve("snapshots")).isNotEmptyDirectory();

      String restarted = trio.follower();
      trio.stop(restarted);
      FileTrees.delete(trio.directory(restarted).resolve("state"));
      trio.start(restarted);
      trio.until("the restarted master is back", () -> trio.node(restarted).ready());

      int last = more.incrementAndGet();
      make(trio, session, last);
      trio.stop(trio.leader());
      assertThat(trio.exists("/d1")).isTrue();
      assertThat(trio.exists("/d700")).isTrue();
      assertThat(trio.exists("/d" + last)).isTrue();
    }
  }

  private static void make(Trio trio, long session, int number) {
    assertThat(trio.command(Trio.mkdir(session, number, "/d" + number)).getCode())
        .isEqualTo(ErrorCode.OK);
  }

  /** The leader remembers what the follower had, and several of its requests are under way. */
  @Test
  void catchesUpFromTheLogWithoutAnythingWhileEntriesGoOn() throws Exception {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      assertThat(trio.command(Trio.mkdir(session, 1, "/first")).getCode()).isEqualTo(ErrorCode.OK);
      String wiped = trio.follower();
      try (Attributes load = new Attributes(trio, trio.leader())) {
        load.await(5_000);
        trio.stop(wiped);
        load.await(15_000);
        FileTrees.delete(trio.directory(wiped));
        trio.start(wiped);
        trio.until("the wiped master is back", () -> trio.node(wiped).ready());
        assertThat(load.goesOn()).isTrue();
      }
      assertThat(trio.directory(wiped).resolve("snapshots")).as("not needed").isEmptyDirectory();
      trio.stop(trio.leader());
      assertThat(trio.exists("/first")).isTrue();
    }
  }

  /** Changes of some size, several at a time, one after the other. */
  private static final class Attributes implements AutoCloseable {
    private static final int OPEN = 64;

    private final Trio trio;
    private final String leader;
    private final byte[] value = new byte[512];
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile boolean stopping;

    Attributes(Trio trio, String leader) {
      this.trio = trio;
      this.leader = leader;
      for (int i = 0; i < OPEN; i++) {
        set(trio.openSession(), 1, "user." + i);
      }
    }

    private void set(long session, long seq, String name) {
      Command command = Trio.setXattr(session, seq, name, value);
      trio.send(leader, MasterRequest.newBuilder().setCommand(command).build())
          .whenComplete(
              (answer, failure) -> {
                boolean done = failure == null && answer.getCode() == ErrorCode.OK;
                if (done) {
                  acknowledged.incrementAndGet();
                }
                if (!stopping) {
                  set(session, done ? seq + 1 : seq, name);
                }
              });
    }

    void await(long count) {
      trio.until(count + " changes", () -> acknowledged.get() >= count);
    }

    boolean goesOn() {
      long now = acknowledged.get();
      await(now + OPEN);
      return acknowledged.get() > now;
    }

    @Override
    public void close() {
      stopping = true;
    }
  }

  private static SnapshotManifest manifest(Trio trio, String id) {
    return trio.ask(
            id,
            MasterRequest.newBuilder()
                .setGetSnapshotManifest(GetSnapshotManifest.getDefaultInstance())
                .build())
        .getSnapshotManifest();
  }

  private static boolean logBeginsAtZero(MasterConfig config) {
    try {
      return new io.curvine.master.raft.RaftLogFiles(
                  config.dataDir().resolve("raft"),
                  io.curvine.master.raft.RaftNode.groupUuid(config))
              .firstIndex()
              .orElse(0)
          == 0;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void loadsNamesFromTheUfsAndSeesItsChanges() throws IOException {
    Path ufs = Files.createDirectories(directory.resolve("ufs"));
    Files.writeString(ufs.resolve("hello.txt"), "hello");
    Files.createDirectories(ufs.resolve("a/b"));
    Files.writeString(ufs.resolve("a/b/c.txt"), "deep");
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      assertThat(trio.command(mount(session, 1, "/none", directory.resolve("nothing"))).getCode())
          .isIn(ErrorCode.NOT_FOUND, ErrorCode.UFS_UNREACHABLE);
      MasterResponse mounted = trio.command(mount(session, 2, "/ufs", ufs));
      assertThat(mounted.getCode()).as(mounted.getMessage()).isEqualTo(ErrorCode.OK);

      MasterResponse entry = trio.get("/ufs/a/b/c.txt");
      assertThat(entry.getCode()).as(entry.getMessage()).isEqualTo(ErrorCode.OK);
      assertThat(entry.getQuery().getEntry().getInode().getLengthBytes()).isEqualTo(4);
      assertThat(names(trio, "/ufs")).containsExactly("a", "hello.txt");

      Files.writeString(ufs.resolve("new.txt"), "new");
      Files.delete(ufs.resolve("hello.txt"));
      FileTrees.delete(ufs.resolve("a/b"));
      trio.until("the scan", () -> names(trio, "/ufs").equals(List.of("a", "new.txt")));
      trio.until("the scan of a", () -> names(trio, "/ufs/a").isEmpty());
    }
  }

  private static List<String> names(Trio trio, String path) {
    return trio
        .call(
            MasterRequest.newBuilder()
                .setQuery(
                    Query.newBuilder()
                        .setListDirectory(ListDirectory.newBuilder().setAt(Trio.at(path))))
                .build())
        .getQuery()
        .getDirectoryPage()
        .getEntriesList()
        .stream()
        .map(entry -> entry.getName().toStringUtf8())
        .toList();
  }

  private static Command mount(long session, long seq, String path, Path ufs) {
    return Command.newBuilder()
        .setSessionId(session)
        .setSeq(seq)
        .setAckedBelow(seq)
        .setMountUfs(
            MountUfs.newBuilder()
                .setMount(
                    Mount.newBuilder()
                        .setPath(path)
                        .setUri("file://" + ufs)
                        .setMode(MountMode.CACHE)
                        .setWritePolicy(WritePolicy.NEVER)
                        .setScanIntervalMs(500)))
        .build();
  }

  @Test
  void refusesTheDirectoryOfAnother() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      trio.stop("m2");
      MasterConfig stolen =
          trio.config("m2")
              .withMember("m2", trio.config("m2").clusterPeers(), trio.directory("m3"));
      assertThat(failure(stolen)).contains("another master runs on it");
      trio.stop("m3");
      assertThat(failure(stolen)).contains("of master m3");
    }
  }

  private static String failure(MasterConfig config) {
    try {
      MasterNode.start(config, new io.micrometer.core.instrument.simple.SimpleMeterRegistry())
          .close();
      return "";
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
