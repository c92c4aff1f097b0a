/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.master.leader.Reply;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.sync.DirtyRepair;
import io.curvine.master.sync.Scanner;
import io.curvine.master.sync.SourceFollowers;
import io.curvine.master.sync.UfsCheck;
import io.curvine.master.sync.UfsLoader;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FollowedSource;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.MarkDirty;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.change.ChangeHint;
import io.curvine.ufs.change.ChangeSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A namespace follows a real directory by what a change source tells of it. */
@Timeout(60)
class FollowingTest {
  private static final int STEPS = 300;

  @TempDir Path temp;
  private final ScriptedSource source = new ScriptedSource();
  private final HeldFiles files = new HeldFiles();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Path data;
  private Core core;
  private UfsLoader loader;
  private UfsCheck check;
  private SourceFollowers followers;
  private DirtyRepair repair;
  private Scanner scanner;
  private final AtomicLong clock = new AtomicLong(1);
  private volatile boolean leading = true;

  @BeforeEach
  void open() throws IOException {
    data = Files.createDirectories(temp.resolve("ufs"));
    Files.createDirectories(data.resolve("d/e"));
    Files.writeString(data.resolve("d/e/f"), "f");
    Files.writeString(data.resolve("a"), "a");
    core = new Core(temp.resolve("master"));
    Command.Builder mount = Ask.mount("/m", "file://" + data);
    mount.getMountUfsBuilder().getMountBuilder().addSources("scripted").setScanIntervalMs(1);
    core.accepted(mount);
    WorkerRegistry workers =
        new WorkerRegistry(Duration.ofSeconds(10), id -> false, System::nanoTime);
    QueryEngine queries = new QueryEngine(core.store(), workers, option -> false);
    UfsRegistry registry =
        UfsRegistry.of(
            List.of(FlatUfs.provider(files, 10, new FlatUfs.Calls())),
            ChangeSources.of(List.of(source)));
    loader = new UfsLoader(registry, () -> queries, core::store, this::propose, 2);
    check = new UfsCheck(loader, () -> queries, core::store);
    followers =
        new SourceFollowers(
            registry, () -> queries, core::store, loader, this::propose, () -> leading);
    repair = new DirtyRepair(() -> queries, core::store, loader, this::propose, () -> leading, 2);
    scanner =
        new Scanner(
            () -> queries, core::store, loader, this::propose, () -> leading, clock::get, 2);
    for (String loaded : List.of("/m", "/m/d", "/m/d/e")) {
      loader.load(core.at(loaded).getId()).join();
    }
    followers.tick();
  }

  @AfterEach
  void close() throws IOException {
    followers.close();
    loader.close();
    core.close();
  }

  private CompletableFuture<Reply> propose(Command command) {
    lock.lock();
    try {
      Decision decision = core.run(command.toBuilder());
      changed.signalAll();
      return CompletableFuture.completedFuture(
          decision instanceof Decision.Refused refused
              ? Reply.refused(refused.code(), refused.message())
              : new Reply(ErrorCode.OK, "", CommandResult.getDefaultInstance(), 0));
    } finally {
      lock.unlock();
    }
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        long left = deadline - System.nanoTime();
        assertThat(left).as("it comes within 30 s").isPositive();
        var unused = changed.awaitNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(50)));
      }
    } finally {
      lock.unlock();
    }
  }

  private FollowedSource journaled() {
    return core.view().sync().source(core.at("/m").getMountId(), "scripted");
  }

  private void awaitFollowed() throws InterruptedException {
    String end = source.end();
    await(() -> journaled() != null && journaled().getCursor().equals(end));
  }

  private boolean has(String path) {
    Inode at = core.at("/m");
    for (String name : path.split("/")) {
      at = core.view().namespace().child(at.getId(), ByteString.copyFromUtf8(name));
      if (at == null) {
        return false;
      }
    }
    return true;
  }

  @Test
  void changesAreSeenWhereNamesAreLoaded() throws Exception {
    long before = core.at("/m/a").getVersion();
    Files.writeString(data.resolve("a"), "longer");
    Files.writeString(data.resolve("d/new"), "new");
    Files.delete(data.resolve("d/e/f"));
    source.tell(List.of(ChangeHint.at("a"), ChangeHint.at("d/new"), ChangeHint.at("d/e/f")), "");
    awaitFollowed();
    assertThat(core.at("/m/a").getVersion()).isGreaterThan(before);
    assertThat(core.at("/m/a").getLengthBytes()).isEqualTo(6);
    assertThat(has("d/new")).isTrue();
    assertThat(has("d/e/f")).isFalse();
    assertThat(journaled().getHints()).isEqualTo(3);
  }

  @Test
  void aDirectoryThatNobodyKnowsIsSeenAndNotListed() throws Exception {
    Files.createDirectories(data.resolve("x/y"));
    Files.writeString(data.resolve("x/y/z"), "z");
    source.tell(List.of(ChangeHint.at("x/y/z")), "");
    awaitFollowed();
    assertThat(has("x")).isTrue();
    assertThat(core.at("/m/x").getNamesLoaded()).isFalse();
    assertThat(has("x/y")).isFalse();
  }

  @Test
  void aTreeThatWentAndCameBackIsComparedWhole() throws Exception {
    FileTrees.delete(data.resolve("d"));
    Files.createDirectories(data.resolve("d/e"));
    Files.writeString(data.resolve("d/e/other"), "other");
    source.tell(List.of(ChangeHint.below("d")), "");
    awaitFollowed();
    assertThat(core.view().sync().dirty(core.at("/m").getMountId(), 10))
        .extracting(each -> each.getPath().toStringUtf8())
        .containsExactly("", "d"); // all of it, since the source began
    repair.tick();
    assertThat(core.view().sync().dirty(core.at("/m").getMountId(), 10)).isEmpty();
    assertThat(has("d/e/f")).isFalse();
    assertThat(has("d/e/other")).isTrue();
  }

  @Test
  void aGapIsRepairedByComparingAllThatIsLoaded() throws Exception {
    Files.writeString(data.resolve("d/e/unheard"), "unheard");
    source.tell(List.of(), "messages were lost");
    awaitFollowed();
    assertThat(has("d/e/unheard")).isFalse();
    repair.tick();
    assertThat(has("d/e/unheard")).isTrue();
    assertThat(core.view().sync().dirty(core.at("/m").getMountId(), 10)).isEmpty();
  }

  @Test
  void aNewLeaderGoesOnWhereTheJournalEnds() throws Exception {
    source.tell(List.of(ChangeHint.at("a")), "missed");
    awaitFollowed();
    leading = false;
    followers.tick();
    Files.writeString(data.resolve("later"), "later");
    source.tell(List.of(ChangeHint.at("later")), "");
    leading = true;
    followers.tick();
    awaitFollowed();
    assertThat(has("later")).isTrue();
    assertThat(source.openedAt().get(0)).isEmpty();
    assertThat(source.openedAt().get(1)).contains("1");
  }

  @Test
  void aSourceThatFailsIsToldOfAndFollowedAgainFromTheSamePlace() throws Exception {
    int mount = core.at("/m").getMountId();
    source.fail(new CurvineException(ErrorCode.UFS_UNREACHABLE, "the broker is away"));
    await(
        () ->
            followers
                .status(mount, "scripted")
                .filter(now -> now.failure().equals("the broker is away"))
                .filter(now -> now.behind() < 0)
                .isPresent());
    Files.writeString(data.resolve("meanwhile"), "meanwhile");
    source.tell(List.of(ChangeHint.at("meanwhile")), "");
    source.fail(null);
    awaitFollowed();
    assertThat(has("meanwhile")).isTrue();
    await(
        () ->
            followers.status(mount, "scripted").filter(now -> now.failure().isEmpty()).isPresent());
  }

  @Test
  void whatCannotBeReachedIsToldAgainAndNotPassedOver() throws Exception {
    Path aside = temp.resolve("aside");
    Files.move(data, aside);
    source.tell(List.of(ChangeHint.at("a"), ChangeHint.at("b")), "");
    int mount = core.at("/m").getMountId();
    await(
        () ->
            followers
                .status(mount, "scripted")
                .filter(now -> !now.failure().isEmpty())
                .filter(now -> now.behind() == 2)
                .isPresent());
    assertThat(has("a")).isTrue();
    Files.writeString(aside.resolve("b"), "b");
    Files.move(aside, data);
    awaitFollowed();
    assertThat(has("a")).isTrue();
    assertThat(has("b")).isTrue();
  }

  /**
   * Whatever happens in the directory, and however its hints come, the namespace is as the
   * directory is when all was told: twice, late, in another order, and lost where the source says
   * so.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void whateverHappensTheNamespaceIsAsTheDirectoryInTheEnd(int run) throws Exception {
    long seed = Long.getLong("seed", System.nanoTime() + run);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<ChangeHint> late = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      List<ChangeHint> hints = new ArrayList<>(change(random));
      if (random.nextInt(4) == 0) {
        hints.addAll(List.copyOf(hints));
      }
      if (random.nextInt(5) == 0) {
        late.addAll(hints);
        hints.clear();
      }
      if (random.nextInt(6) == 0) {
        hints.addAll(late);
        late.clear();
      }
      Collections.shuffle(hints, random);
      boolean lost = random.nextInt(40) == 0;
      source.tell(lost ? List.of() : hints, lost ? "lost" : "");
      if (random.nextInt(20) == 0) {
        loadSomething(random);
      }
      if (random.nextInt(30) == 0) {
        repair.tick();
      }
      if (random.nextInt(10) == 0) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        scanner.tick();
      }
    }
    source.tell(late, "");
    awaitFollowed();
    // Without the lock: a repair waits for proposals.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!core.view().sync().dirty(core.at("/m").getMountId(), 1).isEmpty()) {
      assertThat(System.nanoTime() - deadline).as("seed %d", seed).isNegative();
      repair.tick();
    }
    assertThat(check.all(10).findings()).as("seed %d", seed).isEmpty();
  }

  private void loadSomething(Random random) throws IOException {
    List<Path> directories = existing(true);
    Path directory = directories.get(random.nextInt(directories.size()));
    String path = data.relativize(directory).toString();
    lock.lock();
    try {
      if (path.isEmpty() || has(path)) {
        Inode inode = core.at(path.isEmpty() ? "/m" : "/m/" + path);
        if (inode.getType() == io.curvine.protocol.proto.InodeType.DIRECTORY) {
          loader.load(inode.getId());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private List<Path> existing(boolean directories) throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      return all.filter(each -> Files.isDirectory(each) == directories).sorted().toList();
    }
  }

  /** Changes something in the directory and gives the hints that tell of it. */
  private List<ChangeHint> change(Random random) throws IOException {
    List<Path> directories = existing(true);
    List<Path> files = existing(false);
    Path directory = directories.get(random.nextInt(directories.size()));
    Path name = directory.resolve("n" + random.nextInt(8));
    switch (random.nextInt(5)) {
      case 0 -> {
        if (!Files.exists(name) && data.relativize(name).getNameCount() < 5) {
          Files.createDirectory(name);
          return List.of(hint(name));
        }
      }
      case 1 -> {
        if (!name.equals(data) && Files.isDirectory(name)) {
          FileTrees.delete(name);
          return List.of(ChangeHint.below(data.relativize(name).toString()));
        }
      }
      case 2 -> {
        if (!files.isEmpty()) {
          Path gone = files.get(random.nextInt(files.size()));
          Files.delete(gone);
          return List.of(hint(gone));
        }
      }
      case 3 -> {
        if (!files.isEmpty() && !Files.isDirectory(name)) {
          Path moved = files.get(random.nextInt(files.size()));
          Files.move(moved, name, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
          return List.of(hint(moved), hint(name));
        }
      }
      default -> {
        if (!Files.isDirectory(name)) {
          Files.writeString(name, "x".repeat(random.nextInt(50)));
          return List.of(hint(name));
        }
      }
    }
    return List.of();
  }

  private ChangeHint hint(Path path) {
    return ChangeHint.at(data.relativize(path).toString());
  }

  /** A look that began before a hint came must not have its effect after that of the hint's. */
  @Test
  void anOldAnswerDoesNotOverwriteANewerOne() throws Exception {
    CompletableFuture<Void> answer = files.hold("a");
    CompletableFuture<Void> refresh = loader.refresh(core.at("/m/a"));
    files.awaitHeld();
    Files.writeString(data.resolve("a"), "newer");
    source.tell(List.of(ChangeHint.at("a")), "");
    // A look that waits for no other is over by then; a listing has to wait, too.
    assertThat(files.awaitAsked("a", 300)).as("asked while an answer is on its way").isFalse();
    CompletableFuture<Void> listing = loader.load(core.at("/m").getId());
    answer.complete(null);
    refresh.get(30, TimeUnit.SECONDS);
    listing.get(30, TimeUnit.SECONDS);
    awaitFollowed();
    assertThat(core.at("/m/a").getLengthBytes()).isEqualTo(5);
  }

  @Test
  void anOperatorHasAPartCompared() throws Exception {
    Files.writeString(data.resolve("d/unheard"), "unheard");
    Files.writeString(data.resolve("elsewhere"), "elsewhere");
    MarkDirty mark =
        MarkDirty.newBuilder().setPath(ByteString.copyFromUtf8("/m/d")).setWhy("asked").build();
    assertThat(propose(Command.newBuilder().setMarkDirty(mark).build()).join().code())
        .isEqualTo(ErrorCode.OK);
    repair.tick();
    assertThat(has("d/unheard")).isTrue();
    assertThat(has("elsewhere")).isFalse();
  }
}
