/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.change.ChangeBatch;
import io.curvine.ufs.change.ChangeHint;
import io.curvine.ufs.change.ChangeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class InotifySourceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path dir;

  private final List<ChangeSource> sources = new ArrayList<>();
  private Path root;
  private Path outside;

  @BeforeEach
  void makeDirectories() throws IOException {
    root = Files.createDirectory(dir.resolve("root"));
    outside = Files.createDirectory(dir.resolve("outside"));
  }

  @AfterEach
  void close() {
    sources.forEach(ChangeSource::close);
  }

  @Test
  void filesThatComeChangeAndGo() throws Exception {
    Files.createDirectories(root.resolve("a/b"));
    ChangeSource source = started();
    Files.writeString(root.resolve("a/b/f"), "1");
    assertThat(next(source)).contains(ChangeHint.at("a/b/f"));
    Files.writeString(root.resolve("a/b/f"), "22");
    untilHint(source, ChangeHint.at("a/b/f"));
    Files.move(root.resolve("a/b/f"), root.resolve("g"));
    untilHint(source, ChangeHint.at("g"));
    Files.delete(root.resolve("g"));
    untilHint(source, ChangeHint.at("g"));
  }

  @Test
  void hintsOfOnePathAreOne() throws Exception {
    ChangeSource source = started();
    for (int i = 0; i < 100; i++) {
      Files.writeString(root.resolve("f"), "" + i);
    }
    Files.createFile(root.resolve("last"));
    int hints = 0;
    List<ChangeHint> batch = List.of();
    while (!batch.contains(ChangeHint.at("last"))) {
      batch = next(source);
      assertThat(batch.stream().map(ChangeHint::path)).doesNotHaveDuplicates();
      hints += batch.size();
    }
    assertThat(hints).isLessThan(300);
  }

  @Test
  void aDirectoryThatCameIsWatchedAndOneThatWentIsNot() throws Exception {
    ChangeSource source = started();
    Files.createDirectories(outside.resolve("in/deep"));
    Files.move(outside.resolve("in"), root.resolve("in"));
    untilHint(source, ChangeHint.below("in"));
    Files.writeString(root.resolve("in/deep/f"), "1");
    untilHint(source, ChangeHint.at("in/deep/f"));

    Files.move(root.resolve("in"), root.resolve("moved"));
    untilHint(source, ChangeHint.below("moved"));
    Files.writeString(root.resolve("moved/deep/g"), "1");
    untilHint(source, ChangeHint.at("moved/deep/g"));

    Files.move(root.resolve("moved"), outside.resolve("out"));
    untilHint(source, ChangeHint.below("moved"));
    Files.writeString(outside.resolve("out/deep/h"), "1");
    Files.createFile(root.resolve("last"));
    assertThat(untilHint(source, ChangeHint.at("last")))
        .extracting(ChangeHint::path)
        .noneMatch(path -> path.endsWith("/h"));
  }

  @Test
  void ourOwnUnfinishedFilesAreNotTold() throws Exception {
    ChangeSource source = started();
    Path temporary = root.resolve(".curvine-tmp-1");
    Files.writeString(temporary, "1");
    Files.move(temporary, root.resolve("f"));
    assertThat(untilHint(source, ChangeHint.at("f")))
        .extracting(ChangeHint::path)
        .containsOnly("f");
  }

  @Test
  void symbolicLinksAreNotFollowed() throws Exception {
    ChangeSource source = started();
    Files.createSymbolicLink(root.resolve("link"), outside);
    untilHint(source, ChangeHint.at("link"));
    Files.createFile(outside.resolve("f"));
    Files.createFile(root.resolve("last"));
    assertThat(untilHint(source, ChangeHint.at("last")))
        .extracting(ChangeHint::path)
        .doesNotContain("link/f");
  }

  @Test
  void eachStartIsAGap() throws Exception {
    assertThat(open(Optional.empty()).poll(PATIENCE).gap()).startsWith("inotify started; what");
    assertThat(open(Optional.of("")).poll(PATIENCE).gap()).startsWith("inotify started anew");
  }

  @Test
  void anOverflowOfTheTopmostDirectoryIsAGap() throws Exception {
    Stall stall = new Stall("stall");
    ChangeSource source = track(new InotifySource(root, true, stall));
    assertThat(source.poll(PATIENCE).gap()).isNotEmpty();
    Files.createDirectory(root.resolve("stall"));
    stall.reached.await();
    for (int i = 0; i < 2_000; i++) {
      Files.createFile(root.resolve("f" + i));
    }
    Files.createDirectories(root.resolve("late/deep"));
    stall.goOn.countDown();
    String gap = "";
    while (gap.isEmpty()) {
      gap = source.poll(PATIENCE).gap();
    }
    assertThat(gap).isEqualTo("more happened than inotify could hold");
    Files.createFile(root.resolve("late/deep/f"));
    untilHint(source, ChangeHint.at("late/deep/f"));
  }

  @Test
  void anOverflowOfOneDirectoryIsAHintAtAllBelow() throws Exception {
    Files.createDirectory(root.resolve("busy"));
    Stall stall = new Stall("stall");
    ChangeSource source = track(new InotifySource(root, true, stall));
    assertThat(source.poll(PATIENCE).gap()).isNotEmpty();
    Files.createDirectory(root.resolve("stall"));
    stall.reached.await();
    for (int i = 0; i < 2_000; i++) {
      Files.createFile(root.resolve("busy/f" + i));
    }
    stall.goOn.countDown();
    untilHint(source, ChangeHint.below("busy"));
  }

  @Test
  void closeDoesNotWaitForALongRegistration() throws Exception {
    Files.createDirectories(root.resolve("stall"));
    Stall stall = new Stall("stall");
    ChangeSource source = new InotifySource(root, true, stall);
    assertThat(source.poll(Duration.ZERO)).isEqualTo(batchOfNothing());
    stall.reached.await();
    CompletableFuture<ChangeBatch> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return source.poll(PATIENCE);
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    source.close();
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(batchOfNothing());
    stall.goOn.countDown();
    assertThat(source.poll(PATIENCE)).isEqualTo(batchOfNothing());
  }

  @Test
  void theLimitOfWatchesIsNamedAndTriedAgain() throws Exception {
    Files.createDirectories(root.resolve("d"));
    AtomicBoolean full = new AtomicBoolean(true);
    ChangeSource source =
        track(
            new InotifySource(
                root,
                true,
                service ->
                    directory -> {
                      if (full.get() && directory.endsWith("d")) {
                        throw new IOException("User limit of inotify watches reached");
                      }
                      return TreeWatcher.registrar(service).register(directory);
                    }));
    assertThatThrownBy(() -> source.poll(PATIENCE))
        .isInstanceOf(CurvineException.class)
        .hasMessageContaining("set fs.inotify.max_user_watches higher")
        .extracting(e -> ((CurvineException) e).code())
        .isEqualTo(ErrorCode.UFS_ERROR);
    full.set(false);
    assertThat(source.poll(PATIENCE).gap()).startsWith("inotify started anew");
  }

  @Test
  void aLocationThatGoesIsSaidAndTriedAgain() throws Exception {
    ChangeSource source = started();
    FileTrees.delete(root);
    assertThatThrownBy(() -> drain(source))
        .isInstanceOf(CurvineException.class)
        .hasMessageContaining("is not there")
        .extracting(e -> ((CurvineException) e).code())
        .isEqualTo(ErrorCode.UFS_UNREACHABLE);
    assertThatThrownBy(() -> source.poll(PATIENCE)).isInstanceOf(CurvineException.class);
    Files.createDirectory(root);
    assertThat(source.poll(PATIENCE).gap()).startsWith("inotify started");
  }

  private static void drain(ChangeSource source) throws Exception {
    while (true) {
      assertThat(source.poll(PATIENCE).hints()).isNotEmpty();
    }
  }

  private static ChangeBatch batchOfNothing() {
    return new ChangeBatch(List.of(), "", 0, OptionalLong.of(0), "");
  }

  private ChangeSource started() throws Exception {
    ChangeSource source = open(Optional.empty());
    assertThat(source.poll(PATIENCE).gap()).isNotEmpty();
    return source;
  }

  private ChangeSource open(Optional<String> cursor) throws IOException {
    return track(new InotifySourceProvider().open(root.toUri(), Map.of(), cursor));
  }

  private ChangeSource track(ChangeSource source) {
    sources.add(source);
    return source;
  }

  private static List<ChangeHint> next(ChangeSource source) throws Exception {
    List<ChangeHint> hints = source.poll(PATIENCE).hints();
    assertThat(hints).isNotEmpty();
    return hints;
  }

  private static List<ChangeHint> untilHint(ChangeSource source, ChangeHint wanted)
      throws Exception {
    List<ChangeHint> hints = new ArrayList<>();
    while (!hints.contains(wanted)) {
      hints.addAll(next(source));
    }
    return hints;
  }

  /** Holds the watcher at the registration of one directory. */
  private static final class Stall implements Function<WatchService, WatchedDirectories.Registrar> {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    private final String name;

    Stall(String name) {
      this.name = name;
    }

    @Override
    public WatchedDirectories.Registrar apply(WatchService service) {
      return directory -> {
        if (directory.endsWith(name)) {
          reached.countDown();
          awaitRelease();
        }
        return TreeWatcher.registrar(service).register(directory);
      };
    }

    private void awaitRelease() throws IOException {
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }
}
