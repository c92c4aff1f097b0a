/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.master.check.Repairs;
import io.curvine.master.check.StateCheck;
import io.curvine.master.state.Codec.Member;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.Overlay;
import io.curvine.master.store.FrozenState;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.BlockRecord;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.LinkedName;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.ReapSubtree;
import io.curvine.protocol.proto.RepairState;
import io.curvine.protocol.proto.SetXattr;
import io.curvine.protocol.proto.StateFinding;
import io.curvine.protocol.proto.WriteLease;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a state are damaged one by one; the check says so, and the repair mends it for good. */
class RepairDeciderTest {
  /** No inode, session, job or mount has it. */
  private static final long NOBODY = 999_999;

  @TempDir Path temp;
  private Core core;

  /** What is done to a sound state. */
  @FunctionalInterface
  private interface Damage {
    void to(Overlay rows) throws IOException;
  }

  @BeforeEach
  void makeState() throws IOException {
    core = sample(temp.resolve("leader"));
  }

  @AfterEach
  void close() throws IOException {
    core.close();
  }

  private static Core sample(Path directory) throws IOException {
    Core made = new Core(directory);
    made.accepted(Ask.mkdirs("/d/sub"));
    CommandResult file = made.accepted(Ask.create("/d/f"));
    made.accepted(
        Ask.commit(file.getInode().getId(), file.getWriteVersion(), 3 * Ask.MIB / 2, true));
    made.accepted(
        Command.newBuilder()
            .setSetXattr(
                SetXattr.newBuilder()
                    .setAt(Core.ref("/d/f"))
                    .setName(name("user.a"))
                    .setValue(name("v"))));
    made.accepted(Ask.link("/d/f", "/h"));
    made.accepted(Ask.create("/open"));
    made.accepted(Ask.symlink("/s", "target"));
    made.accepted(Ask.mount("/m", "file:///data"));
    made.accepted(
        Ask.reconcile(made.at("/m").getId(), Ask.directory("sub"), Ask.file("seen", "v1", 7)));
    CommandResult written = made.accepted(Ask.create("/m/new"));
    made.accepted(Ask.commit(written.getInode().getId(), written.getWriteVersion(), 5, true));
    made.accepted(Ask.mkdirs("/gone/below"));
    made.accepted(Ask.deleteTree("/gone"));
    return made;
  }

  private static ByteString name(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private long id(String path) {
    return core.at(path).getId();
  }

  private static void inode(Overlay rows, long id, UnaryOperator<Inode.Builder> change) {
    Inode before = rows.get(ColumnFamily.INODES, Keys.of(id));
    rows.put(ColumnFamily.INODES, Keys.of(id), change.apply(before.toBuilder()).build());
  }

  private void damage(Damage damage) throws IOException {
    Overlay rows = new Overlay(core.store());
    damage.to(rows);
    core.store().writeFolded(rows);
  }

  private StateCheck.Result check() throws IOException {
    try (FrozenState state = core.store().freeze()) {
      return StateCheck.of(state, new Throttle(0));
    }
  }

  private List<FindingKind> kinds() throws IOException {
    return check().findings().stream().map(StateFinding::getKind).toList();
  }

  private Command.Builder repair(StateCheck.Result found) {
    return Command.newBuilder()
        .setRepairState(
            RepairState.newBuilder()
                .setEpoch(found.epoch())
                .setOffset(found.offset())
                .addAllFindings(found.findings()));
  }

  /** Repairs until nothing is left, as the command does; tells how much was mended. */
  private int repairAll() throws IOException {
    int repaired = 0;
    int rounds = 0;
    for (StateCheck.Result found = check(); !found.findings().isEmpty(); found = check()) {
      assertThat(rounds++).as(found.findings().toString()).isLessThan(5);
      CommandResult result = core.accepted(repair(found));
      assertThat(result.getRepaired()).as(found.findings().toString()).isPositive();
      repaired += result.getRepaired();
    }
    return repaired;
  }

  private record Case(String what, Damage damage, List<FindingKind> kinds) {}

  private static Case of(String what, Damage damage, FindingKind... kinds) {
    return new Case(what, damage, List.of(kinds));
  }

  private List<Case> treeCases() {
    return List.of(
        of(
            "a name of no inode",
            rows -> rows.put(ColumnFamily.DENTRIES, Keys.of(id("/d"), name("x")), NOBODY),
            FindingKind.DANGLING_NAME),
        of(
            "a file that is lost",
            rows -> rows.delete(ColumnFamily.INODES, Keys.of(id("/s"))),
            FindingKind.DANGLING_NAME,
            FindingKind.WRONG_COUNTER),
        of(
            "a directory that is lost",
            rows -> rows.delete(ColumnFamily.INODES, Keys.of(id("/d/sub"))),
            FindingKind.DANGLING_NAME,
            FindingKind.WRONG_NLINK,
            FindingKind.WRONG_COUNTER),
        of(
            "a directory that is lost with names",
            rows -> rows.delete(ColumnFamily.INODES, Keys.of(id("/d"))),
            FindingKind.DANGLING_NAME,
            FindingKind.NAME_IN_NO_DIRECTORY,
            FindingKind.NAME_IN_NO_DIRECTORY,
            FindingKind.WRONG_NLINK,
            FindingKind.WRONG_COUNTER),
        of(
            "a file without its name",
            rows -> rows.delete(ColumnFamily.DENTRIES, Keys.of(1, name("s"))),
            FindingKind.NAMELESS_INODE),
        of(
            "a file with two names without its first",
            rows -> rows.delete(ColumnFamily.DENTRIES, Keys.of(id("/d"), name("f"))),
            FindingKind.NAMELESS_INODE),
        of(
            "a directory without its name",
            rows -> rows.delete(ColumnFamily.DENTRIES, Keys.of(id("/d"), name("sub"))),
            FindingKind.NAMELESS_INODE,
            FindingKind.WRONG_NLINK),
        of(
            "a file that thinks that it has another name",
            rows -> inode(rows, id("/s"), inode -> inode.setName(name("other"))),
            FindingKind.UNKNOWN_NAME),
        of(
            "a file that thinks that it is in another directory",
            rows -> inode(rows, id("/s"), inode -> inode.setParent(id("/d"))),
            FindingKind.UNKNOWN_NAME),
        of(
            "a second name of a directory",
            rows -> rows.put(ColumnFamily.DENTRIES, Keys.of(id("/d/sub"), name("up")), id("/d")),
            FindingKind.UNKNOWN_NAME,
            FindingKind.WRONG_NLINK),
        of(
            "a further name that is not listed",
            rows -> rows.put(ColumnFamily.DENTRIES, Keys.of(id("/d"), name("s2")), id("/s")),
            FindingKind.UNKNOWN_NAME),
        of(
            "a further name that is none",
            rows ->
                rows.put(
                    ColumnFamily.LINKS,
                    Keys.link(id("/s"), id("/d"), name("x")),
                    LinkedName.getDefaultInstance()),
            FindingKind.STRAY_LINK),
        of(
            "a loop",
            rows -> {
              long d = id("/d");
              long sub = id("/d/sub");
              rows.delete(ColumnFamily.DENTRIES, Keys.of(1, name("d")));
              rows.put(ColumnFamily.DENTRIES, Keys.of(sub, name("d")), d);
              inode(rows, d, inode -> inode.setParent(sub));
              inode(rows, sub, inode -> inode.setNlink(3));
              inode(rows, 1, inode -> inode.setNlink(inode.getNlink() - 1));
            },
            FindingKind.LOOP),
        of(
            "a link count of a file",
            rows -> inode(rows, id("/s"), inode -> inode.setNlink(4)),
            FindingKind.WRONG_NLINK),
        of(
            "a link count of a file with two names",
            rows -> inode(rows, id("/d/f"), inode -> inode.setNlink(1)),
            FindingKind.WRONG_NLINK),
        of(
            "a link count of a directory",
            rows -> inode(rows, id("/d"), inode -> inode.setNlink(2)),
            FindingKind.WRONG_NLINK),
        of(
            "a link count of an empty directory",
            rows -> inode(rows, id("/d/sub"), inode -> inode.setNlink(7)),
            FindingKind.WRONG_NLINK));
  }

  private List<Case> otherCases() {
    long session = core.session();
    return List.of(
        of(
            "a block of no inode",
            rows ->
                rows.put(ColumnFamily.BLOCKS, Keys.of(NOBODY, 0), BlockRecord.getDefaultInstance()),
            FindingKind.STRAY_BLOCK),
        of(
            "a block of a directory",
            rows ->
                rows.put(
                    ColumnFamily.BLOCKS, Keys.of(id("/d"), 0), BlockRecord.getDefaultInstance()),
            FindingKind.STRAY_BLOCK),
        of(
            "a block past the end",
            rows ->
                rows.put(
                    ColumnFamily.BLOCKS,
                    Keys.of(id("/d/f"), 2),
                    BlockRecord.newBuilder().setLengthBytes(1).build()),
            FindingKind.BLOCK_TOO_LONG),
        of(
            "a block that overlaps the next",
            rows ->
                rows.put(
                    ColumnFamily.BLOCKS,
                    Keys.of(id("/d/f"), 0),
                    BlockRecord.newBuilder().setLengthBytes(Ask.MIB + 1).build()),
            FindingKind.BLOCK_TOO_LONG),
        of(
            "blocks that the file denies",
            rows -> inode(rows, id("/m/new"), inode -> inode.setHasBlockRecords(false)),
            FindingKind.MISSING_FLAG),
        of(
            "attributes that the file denies",
            rows -> inode(rows, id("/d/f"), inode -> inode.setHasXattrs(false)),
            FindingKind.MISSING_FLAG),
        of(
            "an attribute of no inode",
            rows -> rows.put(ColumnFamily.XATTRS, Keys.of(NOBODY, name("user.a")), name("v")),
            FindingKind.STRAY_XATTR),
        of(
            "a loaded directory that is none",
            rows -> rows.put(ColumnFamily.LOADED, Keys.of(id("/d")), Member.MEMBER),
            FindingKind.STRAY_LOADED),
        of(
            "a loaded directory that is not listed",
            rows -> rows.delete(ColumnFamily.LOADED, Keys.of(id("/m"))),
            FindingKind.NOT_LOADED),
        of(
            "a lease of no inode",
            rows -> rows.put(ColumnFamily.LEASES, Keys.of(session, NOBODY), Member.MEMBER),
            FindingKind.STRAY_LEASE),
        of(
            "a lease of no session",
            rows -> {
              long open = id("/open");
              rows.delete(ColumnFamily.LEASES, Keys.of(session, open));
              rows.put(ColumnFamily.LEASES, Keys.of(NOBODY, open), Member.MEMBER);
              WriteLease lease = WriteLease.newBuilder().setSessionId(NOBODY).build();
              inode(rows, open, inode -> inode.setLease(lease));
            },
            FindingKind.STRAY_LEASE),
        of(
            "a lease that its session does not know",
            rows -> rows.delete(ColumnFamily.LEASES, Keys.of(session, id("/open"))),
            FindingKind.UNLISTED_LEASE),
        of(
            "a path of no job",
            rows ->
                rows.put(ColumnFamily.JOB_PATHS, Keys.jobPath(1, name("x"), NOBODY), Member.MEMBER),
            FindingKind.STRAY_JOB_PATH),
        of(
            "a job that is not listed",
            rows ->
                rows.scan(
                    ColumnFamily.JOB_PATHS,
                    Keys.EMPTY,
                    null,
                    (key, member) -> {
                      rows.delete(ColumnFamily.JOB_PATHS, key);
                      return false;
                    }),
            FindingKind.UNLISTED_JOB),
        of(
            "a job of no mount",
            rows -> {
              Job job =
                  Job.newBuilder()
                      .setId(1)
                      .setKind(JobKind.UFS_DELETE)
                      .setMountId(77)
                      .setUfsPath(name("x"))
                      .build();
              rows.put(ColumnFamily.JOBS, Keys.of(1L), job);
              rows.scan(
                  ColumnFamily.JOB_PATHS,
                  Keys.EMPTY,
                  null,
                  (key, member) -> {
                    rows.delete(ColumnFamily.JOB_PATHS, key);
                    return true;
                  });
              rows.put(ColumnFamily.JOB_PATHS, Keys.jobPath(77, name("x"), 1), Member.MEMBER);
            },
            FindingKind.JOB_WITHOUT_MOUNT),
        of("the number of inodes", counter(Counter.INODE_COUNT, 5), FindingKind.WRONG_COUNTER),
        of("the last inode", counter(Counter.LAST_INODE, -5), FindingKind.WRONG_COUNTER),
        of("the last session", counter(Counter.LAST_SESSION, -1), FindingKind.WRONG_COUNTER),
        of("the last mount", counter(Counter.LAST_MOUNT, -1), FindingKind.WRONG_COUNTER),
        of("the number of jobs", counter(Counter.JOB_COUNT, 1), FindingKind.WRONG_COUNTER),
        of("the last job", counter(Counter.LAST_JOB, -1), FindingKind.WRONG_COUNTER),
        of("failed jobs", counter(Counter.FAILED_JOB_COUNT, 3), FindingKind.WRONG_COUNTER),
        of(
            "the place of a mount",
            rows -> mount(rows, mount -> mount.setPath("/elsewhere")),
            FindingKind.MOUNT_WITHOUT_ROOT),
        of(
            "a detached directory of no inode",
            rows -> rows.put(ColumnFamily.REAP, Keys.of(0L), NOBODY),
            FindingKind.DETACHED_QUEUE,
            FindingKind.NAMELESS_INODE),
        of(
            "a live directory among the detached",
            rows -> {
              rows.put(ColumnFamily.REAP, Keys.of(1L), id("/d"));
              rows.put(ColumnFamily.META, Counter.REAP_NEXT.key(), 2L);
            },
            FindingKind.DETACHED_QUEUE),
        of(
            "a hole in the queue of the detached",
            rows -> rows.put(ColumnFamily.META, Counter.REAP_NEXT.key(), 7L),
            FindingKind.DETACHED_QUEUE));
  }

  private static Damage counter(Counter counter, long change) {
    return rows ->
        rows.put(
            ColumnFamily.META,
            counter.key(),
            rows.get(ColumnFamily.META, counter.key()) == null
                ? change
                : rows.get(ColumnFamily.META, counter.key()) + change);
  }

  private static void mount(Overlay rows, UnaryOperator<Mount.Builder> change) {
    Mount before = rows.get(ColumnFamily.MOUNTS, Keys.of(1));
    rows.put(ColumnFamily.MOUNTS, Keys.of(1), change.apply(before.toBuilder()).build());
  }

  @Test
  void aSoundStateHasNoFindings() throws IOException {
    StateCheck.Result found = check();
    assertThat(found.findings()).isEmpty();
    assertThat(found.rows()).isGreaterThan(20);
    assertThat(found.offset()).isEqualTo(core.applier().nextOffset());
  }

  @TestFactory
  Stream<DynamicTest> eachDamageIsFoundAndMended() {
    List<Case> cases = new ArrayList<>(treeCases());
    cases.addAll(otherCases());
    return cases.stream().map(each -> DynamicTest.dynamicTest(each.what, () -> mends(each)));
  }

  private void mends(Case each) throws IOException {
    core.close();
    core = sample(temp.resolve(each.what));
    damage(each.damage);
    StateCheck.Result found = check();
    assertThat(found.findings())
        .as(found.findings().toString())
        .extracting(StateFinding::getKind)
        .containsExactlyElementsOf(each.kinds);
    assertThat(found.findings()).allSatisfy(one -> assertThat(one.getRepair()).isNotEmpty());
    try (FrozenState state = core.store().freeze()) {
      assertThat(StateCheck.confirm(state, found.findings(), new Throttle(0)))
          .isEqualTo(found.findings());
    }
    assertThat(repairAll()).isPositive();

    // What is mended is not mended again, and what it was found by is known to be over.
    long offset = core.applier().nextOffset();
    assertThat(core.run(repair(found))).isInstanceOf(Decision.Unchanged.class);
    assertThat(core.applier().nextOffset()).isEqualTo(offset);
    try (FrozenState state = core.store().freeze()) {
      assertThat(StateCheck.confirm(state, found.findings(), new Throttle(0))).isEmpty();
    }
    // The cluster goes on with it.
    core.accepted(Ask.mkdirs("/d2/e"));
    core.accepted(Ask.deleteTree("/d2"));
    reapAll();
    assertThat(check().findings()).isEmpty();
  }

  private void reapAll() {
    while (core.view().reap().count() > 0) {
      core.accepted(Command.newBuilder().setReapSubtree(ReapSubtree.newBuilder().setLimit(100)));
    }
  }

  /** The name of one file leads to another one. */
  private Damage takePlace(String directory, String lost, String taker) {
    return rows -> {
      long parent = id(directory);
      long id = id(directory + "/" + taker);
      rows.put(ColumnFamily.DENTRIES, Keys.of(parent, name(lost)), id);
      rows.delete(ColumnFamily.DENTRIES, Keys.of(parent, name(taker)));
      inode(rows, id, inode -> inode.setName(name(lost)));
    };
  }

  @Test
  void anOrphanWhosePlaceIsTakenComesToLostAndFoundOfItsMount() throws IOException {
    Command.Builder mount = Ask.mount("/fs", "file:///fs");
    mount.getMountUfsBuilder().getMountBuilder().setMode(MountMode.FS);
    core.accepted(mount);
    core.accepted(Ask.create("/fs/a"));
    core.accepted(Ask.create("/fs/b"));
    long lost = id("/fs/a");
    damage(takePlace("/fs", "a", "b"));
    assertThat(kinds()).containsExactly(FindingKind.NAMELESS_INODE);
    repairAll();
    assertThat(id("/fs/lost+found/#" + lost)).isEqualTo(lost);
    assertThat(core.at("/fs/lost+found").getMode()).isEqualTo(0700);
    assertThat(check().findings()).isEmpty();
  }

  /** A reconcile would find that the UFS does not have it. */
  @Test
  void anOrphanOfAMountWhoseNamesComeFromTheUfsIsTold() throws IOException {
    damage(takePlace("/m", "seen", "new"));
    StateCheck.Result found = check();
    requireNotMended(found, FindingKind.NAMELESS_INODE);
    assertThat(found.findings().get(0).getText())
        .contains("no name leads to it; the names of its mount come from the UFS");
    // Where the place is free it comes back all the same.
    damage(rows -> rows.delete(ColumnFamily.DENTRIES, Keys.of(id("/m"), name("seen"))));
    assertThat(check().findings())
        .hasSize(2)
        .allSatisfy(
            each -> assertThat(each.getRepair()).isEqualTo("it comes back to a name of its own"));
    assertThat(core.accepted(repair(check())).getRepaired()).isEqualTo(1);
  }

  private void requireNotMended(StateCheck.Result found, FindingKind kind) throws IOException {
    assertThat(found.findings()).as(found.findings().toString()).hasSize(1);
    assertThat(found.findings().get(0).getKind()).isEqualTo(kind);
    assertThat(found.findings().get(0).getRepair()).isEmpty();
    assertThat(core.run(repair(found))).isInstanceOf(Decision.Unchanged.class);
    assertThat(check().findings()).isEqualTo(found.findings());
  }

  @Test
  void lostAndFoundTakesNoNumberThatIsInUse() throws IOException {
    core.accepted(Ask.create("/d/a"));
    core.accepted(Ask.create("/d/b"));
    long lost = id("/d/a");
    long last = core.view().meta().get(Counter.LAST_INODE);
    damage(takePlace("/d", "a", "b"));
    damage(counter(Counter.LAST_INODE, -1));
    // A name of no inode, which the next directory would get too.
    damage(rows -> rows.put(ColumnFamily.DENTRIES, Keys.of(id("/d"), name("x")), last + 1));
    StateCheck.Result found = check();
    assertThat(found.findings())
        .extracting(StateFinding::getKind)
        .containsExactly(
            FindingKind.WRONG_COUNTER, FindingKind.DANGLING_NAME, FindingKind.NAMELESS_INODE);

    // Without the counter there is no room for it, and the inode of the number stays.
    Inode owner = core.view().namespace().require(last);
    Command.Builder part = repair(found);
    part.getRepairStateBuilder().removeFindings(0).removeFindings(0);
    assertThat(core.run(part)).isInstanceOf(Decision.Unchanged.class);
    assertThat(core.view().namespace().require(last)).isEqualTo(owner);

    // In whatever order they are asked for.
    Command.Builder reversed = repair(found);
    reversed.getRepairStateBuilder().clearFindings();
    found.findings().forEach(each -> reversed.getRepairStateBuilder().addFindings(0, each));
    assertThat(core.accepted(reversed).getRepaired()).isEqualTo(3);
    assertThat(core.view().namespace().require(last)).isEqualTo(owner);
    assertThat(id("/lost+found")).isEqualTo(last + 1);
    assertThat(id("/lost+found/#" + lost)).isEqualTo(lost);
    assertThat(check().findings()).isEmpty();
  }

  @Test
  void lostAndFoundTakesNoNumberThatHasNames() throws IOException {
    core.accepted(Ask.create("/d/a"));
    core.accepted(Ask.create("/d/b"));
    long next = core.view().meta().get(Counter.LAST_INODE) + 1;
    damage(takePlace("/d", "a", "b"));
    damage(rows -> rows.put(ColumnFamily.DENTRIES, Keys.of(next, name("x")), id("/s")));
    StateCheck.Result found = check();
    assertThat(found.findings())
        .extracting(StateFinding::getKind)
        .containsExactly(FindingKind.NAME_IN_NO_DIRECTORY, FindingKind.NAMELESS_INODE);
    Command.Builder part = repair(found);
    part.getRepairStateBuilder().removeFindings(0);
    assertThat(core.run(part)).isInstanceOf(Decision.Unchanged.class);
    assertThat(core.accepted(repair(found)).getRepaired()).isEqualTo(2);
    assertThat(check().findings()).isEmpty();
  }

  @Test
  void aCommandThatMeetsDamageIsRefusedAlone() throws IOException {
    damage(rows -> rows.delete(ColumnFamily.INODES, Keys.of(id("/d/sub"))));
    assertThat(core.refused(Ask.create("/d/sub/x")).code()).isEqualTo(ErrorCode.INTERNAL);
    core.accepted(Ask.create("/d/beside"));
  }

  @Test
  void anUnknownNameInAnotherMountGoes() throws IOException {
    damage(
        rows -> rows.put(ColumnFamily.DENTRIES, Keys.of(id("/d"), name("theirs")), id("/m/new")));
    StateCheck.Result found = check();
    assertThat(found.findings()).hasSize(1);
    assertThat(found.findings().get(0).getKind()).isEqualTo(FindingKind.UNKNOWN_NAME);
    assertThat(found.findings().get(0).getRepair())
        .isEqualTo("the name is removed: the inode is of another mount than the directory");
    Inode before = core.at("/m/new");
    repairAll();
    assertThat(core.at("/m/new")).isEqualTo(before);
    assertThat(core.view().namespace().childId(id("/d"), name("theirs"))).isZero();
  }

  @Test
  void anInodeWithOneUnknownNameInAnotherMountComesBackToItsOwn() throws IOException {
    damage(
        rows -> {
          rows.put(ColumnFamily.DENTRIES, Keys.of(id("/m"), name("ours")), id("/s"));
          rows.delete(ColumnFamily.DENTRIES, Keys.of(1, name("s")));
        });
    assertThat(kinds()).containsExactly(FindingKind.UNKNOWN_NAME);
    Inode before =
        core.view().namespace().require(core.view().namespace().childId(id("/m"), name("ours")));
    assertThat(repairAll()).isEqualTo(2);
    assertThat(core.at("/s")).isEqualTo(before);
    assertThat(core.view().namespace().childId(id("/m"), name("ours"))).isZero();
  }

  @Test
  void whereAMountIsMountedIsNotGuessed() throws IOException {
    damage(rows -> inode(rows, id("/m"), inode -> inode.setName(name("other"))));
    StateCheck.Result found = check();
    StateFinding unknown =
        found.findings().stream()
            .filter(each -> each.getKind() == FindingKind.UNKNOWN_NAME)
            .findFirst()
            .orElseThrow();
    assertThat(unknown.getRepair()).isEmpty();
    assertThat(unknown.getText()).contains("is the root of a mount");
  }

  @Test
  void aMountThatIsNotItsDirectorysIsTold() throws IOException {
    damage(rows -> inode(rows, id("/m/seen"), inode -> inode.setMountId(0)));
    requireNotMended(check(), FindingKind.WRONG_MOUNT);
  }

  @Test
  void withoutARootNothingIsMended() throws IOException {
    damage(counter(Counter.INODE_COUNT, 5));
    damage(
        rows -> {
          Mount stray = Mount.newBuilder().setId(9).setPath("/lost").setRootInode(NOBODY).build();
          rows.put(ColumnFamily.MOUNTS, Keys.of(9), stray);
          rows.put(ColumnFamily.META, Counter.LAST_MOUNT.key(), 9L);
        });
    StateCheck.Result found = check();
    assertThat(found.findings())
        .extracting(StateFinding::getKind)
        .containsExactly(FindingKind.MOUNT_WITHOUT_ROOT, FindingKind.WRONG_COUNTER);
    assertThat(found.findings().get(0).getRepair()).isEmpty();
    Decision.Refused refused = core.refused(repair(found));
    assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT);
    assertThat(refused.message())
        .contains("the root of mount 9 at /lost, inode 999999, is missing")
        .contains("restore the newest snapshot that has it, or rebuild");

    damage(rows -> rows.delete(ColumnFamily.MOUNTS, Keys.of(9)));
    damage(rows -> rows.delete(ColumnFamily.INODES, Keys.of(1L)));
    assertThat(core.refused(repair(found)).message()).contains("the root directory is missing");
  }

  @Test
  void whatIsBeyondTheSearchesOfOneCommandIsLeftForTheNext() throws IOException {
    for (int i = 0; i < 3; i++) {
      ByteString name = name("x" + i);
      damage(rows -> rows.put(ColumnFamily.DENTRIES, Keys.of(id("/d"), name), NOBODY));
    }
    StateCheck.Result found = check();
    assertThat(found.findings()).hasSize(3);
    long offset = core.applier().nextOffset();
    Repairs one = new Repairs(core.store(), 1, offset, found.offset());
    assertThat(one.repair(found.findings(), 1)).hasSize(1);
    assertThat(one.changes()).hasSize(1);
    Repairs all = new Repairs(core.store(), 1, offset, found.offset());
    assertThat(all.repair(found.findings(), 100_000)).hasSize(3);
  }

  @Test
  void aQueueThatCannotBeReadStopsNobody() throws IOException {
    damage(rows -> rows.put(ColumnFamily.REAP, Key.of(new byte[] {1}), NOBODY));
    RepairState.Builder repair =
        RepairState.newBuilder()
            .setEpoch(core.view().meta().get(Counter.EPOCH))
            .addFindings(StateFinding.newBuilder().setKind(FindingKind.DETACHED_QUEUE));
    Decision.Refused refused = core.refused(Command.newBuilder().setRepairState(repair));
    assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT);
    assertThat(refused.message()).startsWith("a row cannot be read, so nothing is mended: ");
    core.accepted(Ask.mkdirs("/goes/on"));
  }

  @Test
  void whatNothingMendsIsToldAndLeft() throws IOException {
    damage(rows -> rows.delete(ColumnFamily.MOUNTS, Keys.of(1)));
    StateCheck.Result found = check();
    assertThat(found.findings())
        .extracting(StateFinding::getKind)
        .containsExactly(FindingKind.JOB_WITHOUT_MOUNT, FindingKind.INODE_OF_NO_MOUNT);
    // What the job exports may be nowhere else.
    assertThat(found.findings()).allSatisfy(each -> assertThat(each.getRepair()).isEmpty());
    assertThat(core.run(repair(found))).isInstanceOf(Decision.Unchanged.class);
    assertThat(check().findings()).isEqualTo(found.findings());

    damage(rows -> rows.delete(ColumnFamily.INODES, Keys.of(1L)));
    assertThat(check().findings())
        .filteredOn(each -> each.getKind() == FindingKind.NO_ROOT)
        .hasSize(1)
        .allSatisfy(each -> assertThat(each.getRepair()).isEmpty());
  }

  @Test
  void aFindingThatWentAwayIsNotMended() throws IOException {
    damage(rows -> rows.put(ColumnFamily.DENTRIES, Keys.of(id("/d"), name("x")), NOBODY));
    StateCheck.Result found = check();
    damage(rows -> rows.put(ColumnFamily.DENTRIES, Keys.of(id("/d"), name("x")), id("/s")));
    damage(
        rows -> {
          rows.put(
              ColumnFamily.LINKS,
              Keys.link(id("/s"), id("/d"), name("x")),
              LinkedName.getDefaultInstance());
          inode(rows, id("/s"), inode -> inode.setNlink(2));
        });
    assertThat(core.run(repair(found))).isInstanceOf(Decision.Unchanged.class);
    assertThat(id("/d/x")).isEqualTo(id("/s"));
  }

  @Test
  void aCounterIsSetByHowMuchItIsWrongWhateverHappenedMeanwhile() throws IOException {
    damage(counter(Counter.INODE_COUNT, 5));
    StateCheck.Result found = check();
    core.accepted(Ask.mkdirs("/more/and/more"));
    assertThat(core.accepted(repair(found)).getRepaired()).isEqualTo(1);
    assertThat(check().findings()).isEmpty();
    assertThat(core.run(repair(found))).isInstanceOf(Decision.Unchanged.class);
  }

  @Test
  void findingsOfAnotherLeadershipAreRefused() throws IOException {
    damage(counter(Counter.INODE_COUNT, 5));
    StateCheck.Result found = check();
    core.lead();
    Decision.Refused refused = core.refused(repair(found));
    assertThat(refused.code()).isEqualTo(ErrorCode.FENCED);
    assertThat(refused.message()).contains("check again");
    assertThat(core.refused(Command.newBuilder().setRepairState(RepairState.getDefaultInstance())))
        .extracting(Decision.Refused::message)
        .asString()
        .isEqualTo("0 findings; allowed: 1 to 500");
  }

  @Test
  void aRowThatCannotBeReadEndsARepair() throws IOException {
    damage(
        rows ->
            rows.put(
                ColumnFamily.INODES,
                Keys.of(NOBODY),
                core.at("/s").toBuilder().setName(name("x")).build()));
    assertThatThrownBy(this::check)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("row 999999 of the inodes holds inode");
    StateFinding about =
        StateFinding.newBuilder()
            .setKind(FindingKind.NAMELESS_INODE)
            .setFamily(ColumnFamily.INODES.number())
            .setKey(ByteString.copyFrom(Keys.of(NOBODY).bytes()))
            .build();
    StateFinding shortKey =
        about.toBuilder()
            .setKind(FindingKind.DANGLING_NAME)
            .setFamily(ColumnFamily.META.number())
            .setKey(ByteString.copyFromUtf8("epoch"))
            .build();
    RepairState.Builder repair =
        RepairState.newBuilder()
            .setEpoch(core.view().meta().get(Counter.EPOCH))
            .setOffset(core.applier().nextOffset());
    Decision.Refused refused =
        core.refused(Command.newBuilder().setRepairState(repair.clone().addFindings(about)));
    assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT);
    assertThat(core.run(Command.newBuilder().setRepairState(repair.clone().addFindings(shortKey))))
        .isInstanceOf(Decision.Unchanged.class);
  }

  @Test
  void aRowThatCannotBeReadEndsTheCheck() throws IOException {
    damage(rows -> rows.put(ColumnFamily.DENTRIES, Key.of(new byte[] {1, 2}), NOBODY));
    assertThatThrownBy(this::check)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nothing is concluded")
        .hasMessageContaining("a key of 2 bytes");
  }
}
