/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.CleanSubtree;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.DirtySubtree;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FollowSource;
import io.curvine.protocol.proto.FollowedSource;
import io.curvine.protocol.proto.MarkDirty;
import io.curvine.protocol.proto.ReconcileDirectory;
import io.curvine.protocol.proto.UfsEntry;
import io.curvine.protocol.proto.UnmountUfs;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What change sources tell, and what is dirty, as commands. */
class SyncDecidersTest extends CoreTest {
  private static final ByteString WHOLE = ByteString.EMPTY;
  private int mount;
  private long root;

  @BeforeEach
  void mount() {
    mount = core.accepted(Ask.mount("/m", "file:///data")).getMount().getId();
    root = core.at("/m").getId();
    core.accepted(Ask.reconcile(root, file("a", "1"), file("b", "1"), Ask.directory("d")));
    core.accepted(Ask.reconcile(core.at("/m/d").getId(), file("x", "1"), file("y", "1")));
  }

  private static UfsEntry file(String name, String version) {
    return Ask.file(name, version, 3);
  }

  private static ReconcileDirectory.Builder look(long directory, String name) {
    return ReconcileDirectory.newBuilder()
        .setDirectory(directory)
        .setSingle(ByteString.copyFromUtf8(name));
  }

  private Command.Builder follow(String cursor, ReconcileDirectory.Builder... seen) {
    FollowSource.Builder follow =
        FollowSource.newBuilder()
            .setMountId(mount)
            .setKind("kafka")
            .setCursor(cursor)
            .setHints(seen.length)
            .setNewestNanos(77);
    for (ReconcileDirectory.Builder each : seen) {
      follow.addSeen(each);
    }
    return Command.newBuilder().setFollowSource(follow);
  }

  private FollowedSource source() {
    return core.view().sync().source(mount, "kafka");
  }

  private List<DirtySubtree> dirty() {
    return core.view().sync().dirty(mount, Integer.MAX_VALUE);
  }

  @Test
  void whatWasSeenAndTheCursorHaveTheirEffectTogether() {
    long before = core.at("/m/a").getVersion();
    core.accepted(
        follow(
            "p0:7",
            look(root, "a").addEntries(file("a", "2")),
            look(root, "b"),
            look(root, "c").addEntries(file("c", "1"))));
    assertThat(core.at("/m/a").getVersion()).isGreaterThan(before);
    assertThat(core.at("/m/c").getUfs().getVersion()).isEqualTo("1");
    assertThat(core.names("/m")).isEqualTo(3);
    assertThat(source().getCursor()).isEqualTo("p0:7");
    assertThat(source().getHints()).isEqualTo(3);
    assertThat(source().getNewestNanos()).isEqualTo(77);
    assertThat(dirty()).isEmpty();
  }

  @Test
  void theSameToldTwiceChangesNothingTwice() {
    core.accepted(follow("1", look(root, "a").addEntries(file("a", "2"))));
    long version = core.at("/m/a").getVersion();
    core.accepted(follow("1", look(root, "a").addEntries(file("a", "2"))));
    assertThat(core.at("/m/a").getVersion()).isEqualTo(version);
  }

  @Test
  void whatIsInADirectoryThatGoesIsPassedOver() {
    long d = core.at("/m/d").getId();
    core.accepted(
        follow("1", look(root, "d"), look(d, "x"), look(d, "z").addEntries(file("z", "1"))));
    assertThat(core.names("/m")).isEqualTo(2);
    assertThat(dirty()).isEmpty();
  }

  @Test
  void aGapMakesAllOfTheMountDirty() {
    Command.Builder follow = follow("9");
    follow.getFollowSourceBuilder().setGap("messages had gone");
    core.accepted(follow);
    assertThat(source().getGaps()).isEqualTo(1);
    assertThat(source().getLastGap()).isEqualTo("messages had gone");
    assertThat(dirty()).hasSize(1);
    assertThat(dirty().get(0).getPath()).isEqualTo(WHOLE);
    assertThat(dirty().get(0).getWhy()).isEqualTo("kafka: messages had gone");
  }

  @Test
  void whatChangesWhileItIsWrittenHereIsLookedAtAgain() {
    core.accepted(Ask.open("/m/a", false));
    long version = core.at("/m/a").getVersion();
    core.accepted(follow("1", look(root, "a").addEntries(file("a", "2"))));
    assertThat(core.at("/m/a").getVersion()).isEqualTo(version);
    assertThat(dirty()).extracting(each -> each.getPath().toStringUtf8()).containsExactly("a");
    // The version that is known is no change, lease or not.
    core.accepted(clean(dirty().get(0)));
    core.accepted(follow("2", look(root, "a").addEntries(file("a", "1"))));
    assertThat(dirty()).isEmpty();
  }

  private Command.Builder clean(DirtySubtree part) {
    return Command.newBuilder()
        .setCleanSubtree(
            CleanSubtree.newBuilder()
                .setMountId(mount)
                .setPath(part.getPath())
                .setMarkedAt(part.getMarkedAt()));
  }

  private static Command.Builder mark(String path) {
    return Command.newBuilder()
        .setMarkDirty(
            MarkDirty.newBuilder().setPath(ByteString.copyFromUtf8(path)).setWhy("asked"));
  }

  @Test
  void aMarkThatCameAgainSinceOutlivesTheComparison() {
    core.accepted(mark("/m/d"));
    DirtySubtree first = dirty().get(0);
    core.accepted(mark("/m/d"));
    assertThat(core.run(clean(first))).isInstanceOf(Decision.Unchanged.class);
    assertThat(dirty()).hasSize(1);
    core.accepted(clean(dirty().get(0)));
    assertThat(dirty()).isEmpty();
  }

  @Test
  void tooManyMarksAreOneForAllOfTheMount() {
    FollowSource.Builder follow =
        FollowSource.newBuilder().setMountId(mount).setKind("hdfs").setCursor("1");
    for (int i = 0; i < Limits.DIRTY_SUBTREES_MAX; i++) {
      follow.addDirty(ByteString.copyFromUtf8("p" + i));
    }
    core.accepted(Command.newBuilder().setFollowSource(follow));
    assertThat(dirty()).hasSize(Limits.DIRTY_SUBTREES_MAX);
    core.accepted(mark("/m/d"));
    assertThat(dirty()).hasSize(Limits.DIRTY_SUBTREES_MAX + 1);
    assertThat(core.view().sync().dirty(mount, WHOLE)).isNotNull();
  }

  @Test
  void whatDoesNotFollowAUfsIsRefused() {
    core.accepted(Ask.mkdir("/plain"));
    assertThat(core.refused(mark("/plain")).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(core.refused(mark("/m/none")).code()).isEqualTo(ErrorCode.NOT_FOUND);
    Command.Builder unknown = follow("1");
    unknown.getFollowSourceBuilder().setMountId(99);
    assertThat(core.refused(unknown).code()).isEqualTo(ErrorCode.NOT_FOUND);
    Command.Builder tooLong = follow("x".repeat(Limits.SOURCE_CURSOR_MAX_CHARACTERS + 1));
    assertThat(core.refused(tooLong).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void allOfItGoesWithTheMount() {
    core.accepted(follow("1"));
    core.accepted(mark("/m"));
    core.accepted(
        Command.newBuilder()
            .setUnmountUfs(UnmountUfs.newBuilder().setPath(ByteString.copyFromUtf8("/m"))));
    assertThat(source()).isNull();
    assertThat(dirty()).isEmpty();
  }
}
