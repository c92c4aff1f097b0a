/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.master.jobs.TrashSweeper;
import io.curvine.master.leader.PatientProposer;
import io.curvine.master.leader.Reply;
import io.curvine.protocol.TrashNames;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.PurgeTrash;
import io.curvine.protocol.proto.ReapSubtree;
import io.curvine.protocol.proto.WritePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TrashCommandsTest extends CoreTest {
  private static final Duration DAY = Duration.ofDays(1);

  private static Policy keep(Duration time) {
    return Policy.newBuilder().setTrashMs(time.toMillis()).build();
  }

  private static Command.Builder really(Command.Builder delete) {
    delete.getDeleteEntryBuilder().setSkipTrash(true);
    return delete;
  }

  private void file(String path) {
    CommandResult made = core.accepted(Ask.create(path));
    core.accepted(Ask.commit(made.getInode().getId(), made.getWriteVersion(), 10, true));
  }

  private String until(Duration kept) {
    return TrashNames.until(Instant.ofEpochSecond(0, core.nowNanos()), kept).toStringUtf8();
  }

  /** Where things are, as far as they are below a directory, with their inodes. */
  private Map<String, Long> below(String path) {
    Map<String, Long> found = new TreeMap<>();
    collect(core.at(path), path.equals("/") ? "" : path, found);
    return found;
  }

  private void collect(Inode directory, String path, Map<String, Long> found) {
    core.view()
        .namespace()
        .children(
            directory.getId(),
            ByteString.EMPTY,
            (name, id) -> {
              String child = path + "/" + name.toStringUtf8();
              Inode inode = core.view().namespace().require(id);
              found.put(child, id);
              if (io.curvine.master.state.view.NamespaceView.isDirectory(inode)) {
                collect(inode, child, found);
              }
              return true;
            });
  }

  private List<Job> open() {
    List<Job> jobs = new ArrayList<>();
    core.view().jobs().scan(0, jobs::add);
    return jobs;
  }

  @Test
  void whatIsDeletedMovesAsideWithItsContent() {
    core.accepted(Ask.mkdirs("/a/b"));
    core.accepted(Ask.policy("/a", keep(DAY)));
    file("/a/b/f");
    long inode = core.at("/a/b/f").getId();
    core.accepted(Ask.unlink("/a/b/f"));
    String at = "/.trash/" + until(DAY) + "/a%2Fb/f";
    assertThat(core.at(at).getId()).isEqualTo(inode);
    assertThat(core.at(at).getLengthBytes()).isEqualTo(10);
    assertThat(core.at("/.trash").getMode()).isEqualTo(0700);
    assertThat(core.at("/.trash").getUid()).isZero();
    core.accepted(Ask.rename(at, "/a/b/f"));
    assertThat(core.at("/a/b/f").getId()).isEqualTo(inode);
  }

  @Test
  void onlyTheSuperuserSeesItAndAnyoneCanFillIt() {
    core.accepted(Ask.mkdirs("/a"));
    core.accepted(Ask.policy("/a", keep(DAY)));
    file("/a/f");
    Principal other = Principal.newBuilder().setUser("eve").setUid(4_711).setGid(4_711).build();
    core.accepted(Ask.unlink("/a/f").setPrincipal(other));
    for (String path :
        List.of("/.trash", "/.trash/" + until(DAY), "/.trash/" + until(DAY) + "/a")) {
      assertThat(core.at(path).getUid()).isZero();
      assertThat(core.at(path).getGid()).isZero();
      assertThat(core.at(path).getMode()).isEqualTo(0700);
    }
  }

  @Test
  void aTreeMovesAtOnceAndAnEmptyDirectoryGoes() {
    core.accepted(Ask.mkdirs("/a/b/c"));
    core.accepted(Ask.policy("/a", keep(DAY)));
    file("/a/b/f");
    core.accepted(Ask.rmdir("/a/b/c"));
    assertThat(below("/")).containsOnlyKeys("/a", "/a/b", "/a/b/f");
    core.accepted(Ask.deleteTree("/a/b"));
    assertThat(core.names("/a")).isZero();
    assertThat(core.names("/.trash/" + until(DAY) + "/a/b")).isEqualTo(1);
    assertThat(core.view().reap().count()).isZero();
    core.accepted(Ask.deleteTree("/a"));
    assertThat(below("/")).as("nothing is said of the root").doesNotContainKey("/a");
  }

  @Test
  void aReplacedFileMovesAside() {
    core.accepted(Ask.mkdir("/a"));
    core.accepted(Ask.policy("/a", keep(DAY)));
    file("/a/f");
    file("/a/g");
    long old = core.at("/a/f").getId();
    long young = core.at("/a/g").getId();
    core.accepted(Ask.rename("/a/g", "/a/f"));
    assertThat(core.at("/a/f").getId()).isEqualTo(young);
    assertThat(core.at("/.trash/" + until(DAY) + "/a/f").getId()).isEqualTo(old);
    core.accepted(Ask.unlink("/a/f"));
    assertThat(below("/.trash").values()).contains(old, young);
  }

  @Test
  void whatIsInTheTrashAndWhatIsAskedForIsDeletedForReal() {
    core.accepted(Ask.mkdir("/a"));
    core.accepted(Ask.policy("/", keep(DAY)));
    file("/a/f");
    file("/a/g");
    file("/a/h");
    core.accepted(Ask.link("/a/h", "/a/i"));
    core.accepted(really(Ask.unlink("/a/f")));
    core.accepted(Ask.unlink("/a/h"));
    assertThat(below("/")).containsOnlyKeys("/a", "/a/g", "/a/i");
    core.accepted(Ask.unlink("/a/g"));
    core.accepted(Ask.unlink("/.trash/" + until(DAY) + "/a/g"));
    assertThat(below("/.trash"))
        .containsOnlyKeys("/.trash/" + until(DAY), "/.trash/" + until(DAY) + "/a");
    core.accepted(Ask.deleteTree("/.trash"));
    assertThat(below("/")).containsOnlyKeys("/a", "/a/i");
  }

  @Test
  void underAMountTheUfsRenamesIt() {
    Command.Builder mount = Ask.mount("/m", "file:///data");
    mount.getMountUfsBuilder().getMountBuilder().setWritePolicy(WritePolicy.BACK);
    core.accepted(mount);
    core.accepted(Ask.reconcile(core.at("/m").getId(), Ask.file("f", "1", 10), Ask.directory("d")));
    core.accepted(Ask.reconcile(core.at("/m/d").getId(), Ask.file("g", "1", 10)));
    core.accepted(Ask.policy("/m", keep(DAY)));
    core.accepted(Ask.unlink("/m/f"));
    core.accepted(Ask.unlink("/m/d/g"));
    String kept = ".trash/" + until(DAY);
    assertThat(open().stream().map(job -> job.getKind() + " " + job.getUfsPath().toStringUtf8()))
        .containsExactly(
            JobKind.UFS_MAKE_DIRECTORY + " .trash",
            JobKind.UFS_MAKE_DIRECTORY + " " + kept,
            JobKind.UFS_MAKE_DIRECTORY + " " + kept + "/%",
            JobKind.UFS_RENAME + " f",
            JobKind.UFS_MAKE_DIRECTORY + " " + kept + "/d",
            JobKind.UFS_RENAME + " d/g");
    assertThat(open().get(5).getUfsTargetPath().toStringUtf8()).isEqualTo(kept + "/d/g");
    assertThat(core.at("/m/" + kept + "/%/f").getUfs().getVersion()).isEqualTo("1");
  }

  @Test
  void aTrashThatTheUfsHasIsListedFirst() {
    Command.Builder mount = Ask.mount("/m", "file:///data");
    mount.getMountUfsBuilder().getMountBuilder().setWritePolicy(WritePolicy.BACK);
    core.accepted(mount);
    core.accepted(
        Ask.reconcile(core.at("/m").getId(), Ask.file("f", "1", 10), Ask.directory(".trash")));
    core.accepted(Ask.policy("/m", keep(DAY)));
    assertThat(core.run(Ask.unlink("/m/f"))).isInstanceOf(Decision.NeedsUfs.class);
    core.accepted(Ask.reconcile(core.at("/m/.trash").getId()));
    core.accepted(Ask.unlink("/m/f"));
    assertThat(below("/m/.trash").keySet()).anyMatch(path -> path.endsWith("/%/f"));
  }

  @Test
  void quotasCountWhatIsInTheTrashWhereItLies() {
    core.accepted(Ask.mkdirs("/a"));
    core.accepted(Ask.policy("/a", keep(DAY)));
    core.accepted(Ask.setQuota("/a", 1_000, 10));
    file("/a/f");
    assertThat(core.view().quotas().all().get(0).getUsedBytes()).isEqualTo(10);
    core.accepted(Ask.unlink("/a/f"));
    assertThat(core.view().quotas().all().get(0).getUsedBytes()).isZero();
    assertThat(core.view().quotas().all().get(0).getUsedInodes()).isZero();
    core.accepted(Ask.setQuota("/", 1_000, 100));
    file("/a/g");
    core.accepted(Ask.unlink("/a/g"));
    long used =
        core.view().quotas().all().stream()
            .filter(quota -> quota.getInode() == 1)
            .findFirst()
            .orElseThrow()
            .getUsedBytes();
    assertThat(used).as("all in the trash").isEqualTo(20);
  }

  private TrashSweeper sweeper() {
    return new TrashSweeper(
        () -> core.store(),
        directory -> CompletableFuture.completedFuture(null),
        new PatientProposer(
            command -> {
              Decision decision = core.run(command.toBuilder());
              return CompletableFuture.completedFuture(
                  decision instanceof Decision.Refused refused
                      ? Reply.refused(refused.code(), refused.message())
                      : new Reply(ErrorCode.OK, "", CommandResult.getDefaultInstance(), 0));
            }),
        () -> true,
        () -> core.nowNanos());
  }

  @Test
  void whatWasKeptForLongEnoughGoesForReal() {
    core.accepted(Ask.mkdirs("/a"));
    core.accepted(Ask.mkdirs("/b"));
    core.accepted(Ask.policy("/a", keep(DAY)));
    core.accepted(Ask.policy("/b", keep(DAY.multipliedBy(3))));
    for (String path : List.of("/a/f", "/b/f")) {
      file(path);
      core.accepted(Ask.unlink(path));
    }
    core.run(
        Command.newBuilder()
            .setPurgeTrash(
                PurgeTrash.newBuilder().setInode(core.at("/.trash/" + until(DAY)).getId())));
    sweeper().tick();
    assertThat(core.names("/.trash")).isEqualTo(2);
    core.pass(DAY.plusHours(1));
    sweeper().tick();
    assertThat(core.names("/.trash")).isEqualTo(1);
    assertThat(below("/.trash").keySet()).anyMatch(path -> path.endsWith("/b/f"));
    core.pass(DAY.multipliedBy(2));
    sweeper().tick();
    assertThat(core.names("/.trash")).isZero();
    core.run(
        Command.newBuilder()
            .setPurgeTrash(PurgeTrash.newBuilder().setInode(core.at("/b").getId())));
    assertThat(core.at("/b").getId()).isPositive();
  }

  /** Nothing that was deleted is lost, and all else is as without a trash. */
  @Test
  void nothingIsLostAndAllElseIsAsWithout() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Set<String> present = new TreeSet<>();
    Set<Long> files = new HashSet<>();
    core.accepted(Ask.policy("/", keep(DAY)));
    for (int step = 0; step < 1_500; step++) {
      String path = path(random);
      String other = path(random);
      String what = "seed " + seed + " step " + step;
      switch (random.nextInt(7)) {
        case 0 -> {
          if (core.run(Ask.mkdir(path)) instanceof Decision.Accepted) {
            present.add(path);
          }
        }
        case 1, 2 -> {
          if (core.run(Ask.create(path)) instanceof Decision.Accepted made) {
            CommandResult file = made.result();
            core.accepted(Ask.commit(file.getInode().getId(), file.getWriteVersion(), 1, true));
            present.add(path);
            files.add(file.getInode().getId());
          }
        }
        case 3 -> {
          if (core.run(Ask.unlink(path)) instanceof Decision.Accepted) {
            present.remove(path);
          }
        }
        case 4 -> {
          if (core.run(Ask.deleteTree(path)) instanceof Decision.Accepted) {
            present.removeIf(each -> each.equals(path) || each.startsWith(path + "/"));
          }
        }
        case 5 -> {
          if (!path.equals(other)
              && core.run(Ask.rename(path, other)) instanceof Decision.Accepted) {
            List<String> moved =
                present.stream()
                    .filter(each -> each.equals(path) || each.startsWith(path + "/"))
                    .toList();
            moved.forEach(present::remove);
            present.remove(other);
            moved.forEach(each -> present.add(other + each.substring(path.length())));
          }
        }
        default -> core.pass(Duration.ofMinutes(random.nextInt(60)));
      }
      Map<String, Long> all = below("/");
      Set<String> outside = new TreeSet<>(all.keySet());
      outside.removeIf(each -> each.startsWith("/.trash"));
      assertThat(outside).as(what).isEqualTo(present);
      assertThat(all.values()).as(what).containsAll(files);
    }
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder();
    for (int depth = random.nextInt(3); depth >= 0; depth--) {
      path.append('/').append("ab%".charAt(random.nextInt(3)));
    }
    return path.toString();
  }

  @Test
  void aTreeThatIsReapedIsNotKept() {
    core.accepted(Ask.mkdirs("/a/b"));
    file("/a/b/f");
    long directory = core.at("/a/b").getId();
    core.accepted(Ask.policy("/a", keep(DAY)));
    core.accepted(really(Ask.deleteTree("/a")));
    core.run(
        Command.newBuilder()
            .setDeleteEntry(
                io.curvine.protocol.proto.DeleteEntry.newBuilder()
                    .setAt(
                        io.curvine.protocol.proto.EntryRef.newBuilder()
                            .setChild(
                                io.curvine.protocol.proto.ChildRef.newBuilder()
                                    .setParent(directory)
                                    .setName(ByteString.copyFromUtf8("f"))))));
    while (core.view().reap().count() > 0) {
      core.accepted(Command.newBuilder().setReapSubtree(ReapSubtree.newBuilder().setLimit(100)));
    }
    assertThat(below("/")).isEmpty();
  }
}
