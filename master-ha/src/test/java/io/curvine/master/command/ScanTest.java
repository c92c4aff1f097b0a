/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.master.leader.Reply;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.sync.Scanner;
import io.curvine.master.sync.UfsCheck;
import io.curvine.master.sync.UfsLoader;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FollowSource;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.ReapSubtree;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.change.ChangeSources;
import io.curvine.ufs.file.FileUfsProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scan compares what is loaded with one flat listing of its location. */
@Timeout(120)
class ScanTest {
  @TempDir Path temp;
  private final FlatUfs.Calls calls = new FlatUfs.Calls();
  private final AtomicLong clock = new AtomicLong(1);
  private final List<Command> proposed = new ArrayList<>();
  private Path data;
  private Core core;
  private UfsLoader loader;
  private UfsCheck check;
  private Scanner scanner;

  private void open(int pageKeys) throws IOException {
    data = Files.createDirectories(temp.resolve("ufs"));
    core = new Core(temp.resolve("master"));
    Command.Builder mount = Ask.mount("/m", "file://" + data);
    mount.getMountUfsBuilder().getMountBuilder().setScanIntervalMs(1_000);
    core.accepted(mount);
    WorkerRegistry workers =
        new WorkerRegistry(Duration.ofSeconds(10), id -> false, System::nanoTime);
    QueryEngine queries = new QueryEngine(core.store(), workers, option -> false);
    UfsRegistry registry =
        UfsRegistry.of(
            List.of(FlatUfs.provider(new FileUfsProvider(), pageKeys, calls)),
            ChangeSources.of(List.of()));
    loader = new UfsLoader(registry, () -> queries, core::store, this::propose, 2);
    check = new UfsCheck(loader, () -> queries, core::store);
    scanner =
        new Scanner(() -> queries, core::store, loader, this::propose, () -> true, clock::get, 2);
    scanner.tick();
  }

  @AfterEach
  void close() throws IOException {
    loader.close();
    core.close();
  }

  private synchronized CompletableFuture<Reply> propose(Command command) {
    proposed.add(command);
    Decision decision = core.run(command.toBuilder());
    return CompletableFuture.completedFuture(
        decision instanceof Decision.Refused refused
            ? Reply.refused(refused.code(), refused.message())
            : new Reply(ErrorCode.OK, "", CommandResult.getDefaultInstance(), 0));
  }

  /** A round. */
  private void scan() {
    clock.addAndGet(TimeUnit.SECONDS.toNanos(2));
    proposed.clear();
    calls.lists().set(0);
    calls.trees().set(0);
    scanner.tick();
  }

  private Inode find(String path) {
    Inode at = core.at("/m");
    for (String name : path.split("/")) {
      if (at != null && !name.isEmpty()) {
        at = core.view().namespace().child(at.getId(), ByteString.copyFromUtf8(name));
      }
    }
    return at;
  }

  private void load(String path) {
    Inode directory = find(path);
    if (directory != null && directory.getType() == InodeType.DIRECTORY) {
      var unused = loader.load(directory.getId()).join();
    }
  }

  @Test
  void aHundredDirectoriesAreComparedByTenCalls() throws IOException {
    open(1_000);
    for (int i = 0; i < 100; i++) {
      Path directory = Files.createDirectory(data.resolve("d%03d".formatted(i)));
      for (int j = 0; j < 99; j++) {
        Files.createFile(directory.resolve("f%03d.bin".formatted(j)));
      }
    }
    load("");
    for (int i = 0; i < 100; i++) {
      load("d%03d".formatted(i));
    }
    scan();
    assertThat(calls.trees()).hasValue(10);
    assertThat(proposed).allMatch(Command::hasFollowSource);
    assertThat(scanner.progress(find("").getMountId()).orElseThrow().directories()).isEqualTo(101);
    assertThat(failed()).isZero();
    Files.delete(data.resolve("d042/f007.bin"));
    Files.writeString(data.resolve("d050/f000.bin"), "other");
    Files.createFile(data.resolve("d050/g"));
    FileTrees.delete(data.resolve("d077"));
    Files.createDirectory(data.resolve("d041-1"));
    scan();
    assertThat(find("d042/f007.bin")).isNull();
    assertThat(find("d050/f000.bin").getLengthBytes()).isEqualTo(5);
    assertThat(find("d050/g")).isNotNull();
    assertThat(find("d077")).isNull();
    assertThat(find("d041-1")).isNotNull();
    assertThat(check.all(10).findings()).isEmpty();
  }

  @Test
  void whatNobodyHasLoadedIsPassedOver() throws IOException {
    open(3);
    Path cold = Files.createDirectories(data.resolve("cold/deep"));
    for (int i = 0; i < 100; i++) {
      Files.createFile(cold.resolve("f" + i));
    }
    for (String name : List.of("hot1", "hot2", "hot3")) {
      Files.createFile(Files.createDirectory(data.resolve(name)).resolve("f"));
    }
    load("");
    List.of("hot1", "hot2", "hot3").forEach(this::load);
    Files.createFile(data.resolve("hot3/new"));
    scan();
    assertThat(find("hot3/new")).isNotNull();
    assertThat(find("cold/deep")).isNull();
    assertThat(calls.trees().get()).isLessThanOrEqualTo(4);
  }

  @Test
  void whereFewDirectoriesAreLoadedTheyAreListedOneByOne() throws IOException {
    open(1);
    for (int i = 0; i < 20; i++) {
      Files.createFile(data.resolve("f" + i));
    }
    load("");
    Files.delete(data.resolve("f7"));
    scan();
    assertThat(calls.trees()).hasValue(1);
    assertThat(find("f7")).isNull();
  }

  @Test
  void nothingIsTakenAwayWhereAPageEndsAtADirectory() throws IOException {
    open(1);
    for (String name : List.of("a", "b")) {
      Files.createFile(Files.createDirectory(data.resolve(name)).resolve("f"));
    }
    Files.createDirectory(data.resolve("b/c"));
    load("");
    List.of("a", "b", "b/c").forEach(this::load);
    Files.createDirectory(data.resolve("b/c/x"));
    load("b/c/x");
    scan();
    assertThat(proposed)
        .filteredOn(Command::hasReconcileDirectory)
        .allMatch(each -> each.getReconcileDirectory().getDirectory() == find("b/c").getId());
  }

  @Test
  void aNewLeaderGoesOnFromEitherCursor() throws IOException {
    open(1);
    for (String name : List.of("a", "b", "c")) {
      Files.createDirectory(data.resolve(name));
    }
    load("");
    List.of("a", "b", "c").forEach(this::load);
    Files.createFile(data.resolve("a/new"));
    Files.createFile(data.resolve("c/new"));
    FollowSource.Builder journaled =
        FollowSource.newBuilder().setMountId(find("").getMountId()).setKind(Scanner.KIND);
    core.accepted(Command.newBuilder().setFollowSource(journaled.setCursor("/b/")));
    scan();
    assertThat(find("a/new")).isNull();
    assertThat(find("c/new")).isNotNull();
    Files.delete(data.resolve("c/new"));
    core.accepted(
        Command.newBuilder().setFollowSource(journaled.setCursor("" + find("b").getId())));
    scan();
    assertThat(find("a/new")).isNull();
    assertThat(find("c/new")).isNull();
    scan();
    assertThat(find("a/new")).isNotNull();
  }

  @Test
  void aRoundThatIsDeniedHasNotEndedAndIsBegunAgainSoon() throws IOException {
    open(1_000);
    Files.createFile(data.resolve("old"));
    load("");
    Files.createFile(data.resolve("new"));
    calls.denied().set(1);
    scan();
    assertThat(failed()).isEqualTo(1);
    assertThat(proposed).as("a round that ended").isEmpty();
    assertThat(find("new")).isNull();
    proposed.clear();
    scanner.tick();
    assertThat(failed()).as("until the next").isEqualTo(1);
    assertThat(proposed).as("too soon").isEmpty();
    scan();
    assertThat(failed()).isZero();
    assertThat(find("new")).isNotNull();
    assertThat(proposed).anyMatch(Command::hasFollowSource);
  }

  @Test
  void aScanOfWhatNobodyListedAsksNothingAndFailsInNothing() throws IOException {
    open(1_000);
    calls.denied().set(1);
    scan();
    assertThat(calls.trees()).hasValue(0);
    assertThat(failed()).isZero();
  }

  private long failed() {
    return scanner.progress(find("").getMountId()).orElseThrow().failed();
  }

  /** Pages of any length, names that begin one another, directories loaded or not. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 50})
  void whateverChangesIsFound(int pageKeys) throws IOException {
    long seed = Long.getLong("seed", System.nanoTime() + pageKeys);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    open(pageKeys);
    Command.Builder reap =
        Command.newBuilder().setReapSubtree(ReapSubtree.newBuilder().setLimit(2));
    for (int round = 0; round < 60; round++) {
      for (int change = random.nextInt(12); change >= 0; change--) {
        change(random);
      }
      scan();
      assertThat(failed()).isZero();
      if (random.nextBoolean()) {
        var unused = core.run(reap); // a part of what is deleted, which is compared no more
      }
      for (int load = random.nextInt(6); load >= 0; load--) {
        load(path(random, random.nextInt(4)));
      }
      assertThat(check.all(10).findings()).as("seed %d round %d", seed, round).isEmpty();
    }
  }

  private static String path(Random random, int depth) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      StringBuilder name = new StringBuilder(random.nextBoolean() ? "a" : "b");
      for (int length = random.nextInt(3); length > 0; length--) {
        name.append("-.0".charAt(random.nextInt(3)));
      }
      names.add(name.toString());
    }
    return String.join("/", names);
  }

  private void change(Random random) throws IOException {
    Path at = data.resolve(path(random, 1 + random.nextInt(3)));
    if (random.nextInt(3) == 0) {
      if (Files.exists(at)) {
        FileTrees.delete(at);
      }
      return;
    }
    for (Path above = at.getParent(); !above.equals(data); above = above.getParent()) {
      if (Files.isRegularFile(above)) {
        return;
      }
    }
    Files.createDirectories(at.getParent());
    if (!Files.isDirectory(at)) {
      if (random.nextBoolean()) {
        Files.deleteIfExists(at);
        Files.createDirectory(at);
      } else {
        Files.writeString(at, "x".repeat(random.nextInt(50)));
      }
    }
  }
}
