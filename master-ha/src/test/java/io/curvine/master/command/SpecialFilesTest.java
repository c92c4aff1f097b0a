/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.WritePolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SpecialFilesTest extends CoreTest {
  private static final int NULL_DEVICE = 0x103;

  private void assertRefused(ErrorCode code, Command.Builder command) {
    Decision.Refused refused = core.refused(command);
    assertThat(refused.code()).as(refused.message()).isEqualTo(code);
  }

  private List<Job> jobs() {
    List<Job> jobs = new ArrayList<>();
    core.view().jobs().scan(0, jobs::add);
    return jobs;
  }

  @Test
  void itIsAsItWasMade() {
    for (SpecialType type : SpecialType.values()) {
      String path = "/" + type;
      int device = type.isDevice() ? NULL_DEVICE : 0;
      Inode made = core.accepted(Ask.special(path, type, device)).getInode();
      assertThat(made).isEqualTo(core.at(path));
      assertThat(made.getType()).isEqualTo(InodeType.SPECIAL);
      assertThat(made.getSpecialType()).isEqualTo(type.bits());
      assertThat(made.getDevice()).isEqualTo(device);
      assertThat(made.getMode()).isEqualTo(0640);
      assertThat(made.getNlink()).isEqualTo(1);
      assertThat(made.getLengthBytes()).isZero();
    }
  }

  @Test
  void whatIsNoneIsRefused() {
    core.accepted(Ask.mkdir("/d"));
    assertRefused(ErrorCode.ALREADY_EXISTS, Ask.fifo("/d"));
    assertRefused(ErrorCode.NOT_FOUND, Ask.fifo("/none/p"));
    assertRefused(ErrorCode.INVALID_ARGUMENT, Ask.special("/p", SpecialType.SOCKET, 1));
    Command.Builder regular = Ask.fifo("/p");
    regular.getMakeSpecialBuilder().setSpecialType(0100000);
    assertRefused(ErrorCode.INVALID_ARGUMENT, regular);
    Principal user = Principal.newBuilder().setUid(7).build();
    assertRefused(
        ErrorCode.PERMISSION_DENIED,
        Ask.special("/c", SpecialType.CHARACTER_DEVICE, NULL_DEVICE).setPrincipal(user));
    assertThat(core.accepted(Ask.fifo("/p").setPrincipal(user)).getInode().getUid()).isEqualTo(7);
  }

  @Test
  void itHasNoContentAndNothingBelow() {
    core.accepted(Ask.fifo("/p"));
    assertRefused(ErrorCode.INVALID_ARGUMENT, Ask.open("/p", false));
    assertRefused(ErrorCode.INVALID_ARGUMENT, Ask.truncate("/p", 1));
    assertRefused(ErrorCode.NOT_A_DIRECTORY, Ask.mkdir("/p/x"));
    assertRefused(ErrorCode.NOT_A_DIRECTORY, Ask.rmdir("/p"));
  }

  @Test
  void itIsRenamedLinkedAndDeletedAsAFileIs() {
    core.accepted(Ask.fifo("/p"));
    core.accepted(Ask.mkdir("/d"));
    core.accepted(Ask.link("/p", "/d/q"));
    core.accepted(Ask.unlink("/p"));
    assertThat(core.at("/d/q").getNlink()).isEqualTo(1);
    core.accepted(Ask.create("/f"));
    core.accepted(Ask.rename("/d/q", "/f"));
    assertThat(core.at("/f").getType()).isEqualTo(InodeType.SPECIAL);
    assertRefused(ErrorCode.NOT_A_DIRECTORY, Ask.rename("/d", "/f"));
    core.accepted(Ask.unlink("/f"));
    assertThat(core.names("/")).isEqualTo(1);
  }

  private void mount(WritePolicy writes) {
    Command.Builder mount = Ask.mount("/m", "file:///data");
    mount.getMountUfsBuilder().getMountBuilder().setWritePolicy(writes);
    core.accepted(mount);
    core.accepted(Ask.reconcile(core.at("/m").getId(), Ask.file("f", "f1", 10)));
  }

  @Test
  void noUfsHearsOfIt() {
    mount(WritePolicy.BACK);
    core.accepted(Ask.fifo("/m/p"));
    core.accepted(Ask.link("/m/p", "/m/q"));
    core.accepted(Ask.rename("/m/p", "/m/r"));
    core.accepted(Ask.unlink("/m/q"));
    assertThat(jobs()).isEmpty();
    assertThat(core.run(Ask.reconcile(core.at("/m").getId(), Ask.file("f", "f1", 10))))
        .as("a UFS is not expected to have it")
        .isInstanceOf(Decision.Unchanged.class);
    core.accepted(Ask.unlink("/m/r"));
    assertThat(jobs()).isEmpty();
  }

  @Test
  void whatItReplacesGoesFromTheUfs() {
    mount(WritePolicy.BACK);
    core.accepted(Ask.fifo("/m/p"));
    core.accepted(Ask.rename("/m/p", "/m/f"));
    assertThat(jobs()).hasSize(1);
    assertThat(jobs().get(0).getUfsPath().toStringUtf8()).isEqualTo("f");
    assertThat(jobs().get(0).getKnownVersion()).isEqualTo("f1");
  }

  @Test
  void whatReplacesItExpectsNothingAtTheUfs() {
    mount(WritePolicy.BACK);
    core.accepted(Ask.fifo("/m/p"));
    core.accepted(Ask.rename("/m/f", "/m/p"));
    assertThat(jobs()).hasSize(1);
    assertThat(jobs().get(0).getChecked()).isTrue();
    assertThat(jobs().get(0).getKnownVersion()).isEmpty();
  }

  @Test
  void belowADirectoryThatMovesItIsNotAtTheUfsEither() {
    mount(WritePolicy.BACK);
    core.accepted(Ask.mkdir("/m/d"));
    core.accepted(Ask.fifo("/m/d/p"));
    int before = jobs().size();
    core.accepted(Ask.unlink("/m/d/p"));
    assertThat(jobs()).as("a job of the directory above is on its way").hasSize(before);
  }

  @Test
  void aMountThatTakesNoChangeTakesNone() {
    mount(WritePolicy.NEVER);
    assertRefused(ErrorCode.READ_ONLY, Ask.fifo("/m/p"));
  }

  @Test
  void aTrashKeepsIt() {
    core.accepted(Ask.mkdir("/a"));
    core.accepted(Ask.policy("/a", Policy.newBuilder().setTrashMs(86_400_000L).build()));
    CommandResult made = core.accepted(Ask.fifo("/a/p"));
    core.accepted(Ask.unlink("/a/p"));
    Inode kept = core.view().namespace().find(made.getInode().getId());
    assertThat(kept.getName().toStringUtf8()).isEqualTo("p");
    assertThat(core.view().namespace().path(kept).toStringUtf8()).startsWith("/.trash/");
  }

  @Test
  void aQuotaCountsIt() {
    core.accepted(Ask.mkdir("/q"));
    core.accepted(Ask.setQuota("/q", 0, 1));
    core.accepted(Ask.fifo("/q/p"));
    assertRefused(ErrorCode.QUOTA_EXCEEDED, Ask.fifo("/q/r"));
    core.accepted(Ask.unlink("/q/p"));
    core.accepted(Ask.fifo("/q/r"));
  }
}
