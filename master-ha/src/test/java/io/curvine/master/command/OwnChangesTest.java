/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.master.sync.OwnChanges;
import io.curvine.master.sync.UfsLoader;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.DirtySubtree;
import io.curvine.protocol.proto.FinishJob;
import io.curvine.protocol.proto.FollowSource;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.ReconcileDirectory;
import io.curvine.protocol.proto.UfsBinding;
import io.curvine.protocol.proto.UfsEntry;
import io.curvine.ufs.UfsRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a UFS said before a change made here had ended does not take the change back. */
class OwnChangesTest extends CoreTest {
  private UfsLoader loader;
  private OwnChanges own;

  @BeforeEach
  void mount() {
    core.accepted(Ask.mount("/", "file:///data"));
    core.accepted(Ask.reconcile(1, file("f", "v1"), file("g", "w1")));
    loader =
        new UfsLoader(
            UfsRegistry.load(),
            () -> {
              throw new AssertionError("no UFS is asked");
            },
            core::store,
            command -> {
              throw new AssertionError("nothing is proposed");
            },
            1);
    own = loader.ownChanges();
  }

  @AfterEach
  void close() throws Exception {
    loader.close();
  }

  private static UfsEntry file(String name, String version) {
    return Ask.file(name, version, 10);
  }

  /** As a leader decides on it. */
  private CommandResult decide(Command.Builder command) {
    return core.accepted(own.prepare(command.build()).toBuilder());
  }

  private ReconcileDirectory.Builder seen(UfsEntry... entries) {
    return ReconcileDirectory.newBuilder()
        .setDirectory(1)
        .setAsked(own.now())
        .addAllEntries(List.of(entries));
  }

  private void decide(ReconcileDirectory.Builder seen) {
    decide(Command.newBuilder().setReconcileDirectory(seen));
  }

  private void write(String path) {
    CommandResult opened = core.accepted(Ask.open(path, true));
    commit(opened.getInode(), opened.getWriteVersion());
  }

  private void create(String path) {
    CommandResult made = core.accepted(Ask.create(path));
    commit(made.getInode(), made.getWriteVersion());
  }

  private void commit(Inode inode, long version) {
    core.accepted(Ask.commit(inode.getId(), version, Ask.MIB, true));
  }

  private void finishOnlyJob(String version) {
    List<Job> jobs = new ArrayList<>();
    core.view().jobs().scan(0, jobs::add);
    assertThat(jobs).hasSize(1);
    FinishJob.Builder finish =
        FinishJob.newBuilder().setJobId(jobs.get(0).getId()).setSucceeded(true);
    if (!version.isEmpty()) {
      finish.setUfs(UfsBinding.newBuilder().setVersion(version));
    }
    decide(Command.newBuilder().setFinishJob(finish));
  }

  private String version(String path) {
    return core.at(path).getUfs().getVersion();
  }

  private boolean exists(String name) {
    return core.view().namespace().childId(1, ByteString.copyFromUtf8(name)) != 0;
  }

  private List<String> dirty() {
    return core.view().sync().dirty(1, 10).stream()
        .map(DirtySubtree::getPath)
        .map(ByteString::toStringUtf8)
        .toList();
  }

  @Test
  void whatWasWrittenKeepsItsVersion() {
    ReconcileDirectory.Builder seen = seen(file("f", "v1"), file("g", "w2"));
    write("/f");
    finishOnlyJob("v2");
    decide(seen);
    assertThat(version("/f")).isEqualTo("v2");
    assertThat(version("/g")).as("which nobody changed here").isEqualTo("w2");
    assertThat(dirty()).as("it is looked at again").containsExactly("f");
  }

  @Test
  void whatWasMadeStays() {
    ReconcileDirectory.Builder seen = seen(file("f", "v1"));
    create("/new");
    finishOnlyJob("n1");
    decide(seen);
    assertThat(exists("new")).isTrue();
    assertThat(exists("g")).isFalse();
    assertThat(dirty()).containsExactly("new");
  }

  @Test
  void whatWasDeletedDoesNotComeBack() {
    ReconcileDirectory.Builder seen = seen(file("f", "v1"), file("g", "w1"), file("h", "x1"));
    core.accepted(Ask.unlink("/f"));
    finishOnlyJob("");
    decide(seen);
    assertThat(exists("f")).isFalse();
    assertThat(exists("h")).isTrue();
    assertThat(dirty()).containsExactly("f");
  }

  @Test
  void soItIsForHintsOfASource() {
    ReconcileDirectory.Builder seen = seen(file("f", "v1")).setSingle(ByteString.copyFromUtf8("f"));
    write("/f");
    finishOnlyJob("v2");
    FollowSource.Builder follow =
        FollowSource.newBuilder().setMountId(1).setKind("kafka").setCursor("1").addSeen(seen);
    decide(Command.newBuilder().setFollowSource(follow));
    assertThat(version("/f")).isEqualTo("v2");
    assertThat(dirty()).containsExactly("f");
  }

  @Test
  void whatIsAskedAfterwardsIsTaken() {
    write("/f");
    finishOnlyJob("v2");
    decide(seen(file("f", "v3"), file("g", "w1")));
    assertThat(version("/f")).isEqualTo("v3");
    assertThat(dirty()).isEmpty();
  }

  @Test
  void aNewLeaderDoesNotKnowWhatEndedBefore() {
    ReconcileDirectory.Builder seen = seen(file("f", "v2"), file("g", "w1"));
    own.leadershipBegins();
    decide(seen);
    assertThat(version("/f")).isEqualTo("v1");
    assertThat(dirty()).containsExactly("f");
    decide(seen(file("f", "v2"), file("g", "w1")));
    assertThat(version("/f")).isEqualTo("v2");
  }

  @Test
  void whatWasNeverListedComesFromANewLeadersFirstListing() {
    core.accepted(Ask.reconcile(1, file("f", "v1"), file("g", "w1"), Ask.directory("d")));
    long d = core.at("/d").getId();
    ReconcileDirectory.Builder seen =
        ReconcileDirectory.newBuilder()
            .setDirectory(d)
            .setAsked(own.now())
            .addEntries(file("x", "1"))
            .setComplete(true);
    own.leadershipBegins();
    decide(seen);
    assertThat(version("/d/x")).isEqualTo("1");
    assertThat(dirty()).containsExactly("d");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDirectoryThatIsListedWhileItMovesIsFilledAndLookedAtAgain(boolean ended) {
    core.accepted(Ask.reconcile(1, file("f", "v1"), file("g", "w1"), Ask.directory("p")));
    core.accepted(Ask.rename("/p", "/q"));
    ReconcileDirectory.Builder seen =
        ReconcileDirectory.newBuilder()
            .setDirectory(core.at("/q").getId())
            .setAsked(own.now())
            .addEntries(file("x", "1"))
            .setComplete(true);
    if (ended) {
      finishOnlyJob("");
    }
    decide(seen);
    assertThat(version("/q/x")).isEqualTo("1");
    assertThat(dirty()).containsExactly("q");
  }

  @Test
  void whatEndedElsewhereMattersNot() {
    core.accepted(
        Ask.reconcile(1, file("f", "v1"), file("f2", "w1"), Ask.directory("d"), file("g", "w1")));
    core.accepted(Ask.reconcile(core.at("/d").getId(), file("x", "1"), file("y", "1")));
    ReconcileDirectory.Builder seen =
        seen(file("f", "v1"), file("f2", "w2"), Ask.directory("d"), file("g", "w1"));
    ReconcileDirectory.Builder below =
        ReconcileDirectory.newBuilder()
            .setDirectory(core.at("/d").getId())
            .setAsked(own.now())
            .addAllEntries(List.of(file("x", "2"), file("y", "2")));
    write("/f");
    finishOnlyJob("v2");
    write("/d/x");
    finishOnlyJob("3");
    decide(seen);
    decide(below);
    assertThat(version("/f2")).isEqualTo("w2");
    assertThat(version("/d/x")).isEqualTo("3");
    assertThat(version("/d/y")).isEqualTo("2");
    assertThat(dirty()).containsExactlyInAnyOrder("d/x", "f");
  }
}
