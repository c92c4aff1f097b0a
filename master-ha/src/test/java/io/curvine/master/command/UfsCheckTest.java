/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.master.leader.Reply;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.sync.UfsCheck;
import io.curvine.master.sync.UfsLoader;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.StateFinding;
import io.curvine.ufs.UfsRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loaded directories are compared with a real directory. */
class UfsCheckTest {
  @TempDir Path temp;
  private Path data;
  private Core core;
  private UfsLoader loader;
  private UfsCheck check;

  @BeforeEach
  void open() throws IOException {
    data = Files.createDirectories(temp.resolve("ufs"));
    Files.writeString(data.resolve("kept"), "kept");
    Files.writeString(data.resolve("goes"), "goes");
    Files.writeString(data.resolve("changes"), "before");
    core = new Core(temp.resolve("master"));
    core.accepted(Ask.mount("/m", "file://" + data));
    WorkerRegistry workers =
        new WorkerRegistry(Duration.ofSeconds(10), id -> false, System::nanoTime);
    QueryEngine queries = new QueryEngine(core.store(), workers, option -> false);
    loader = new UfsLoader(UfsRegistry.load(), () -> queries, core::store, this::propose, 1);
    check = new UfsCheck(loader, () -> queries, core::store);
    loader.load(core.at("/m").getId()).join();
  }

  @AfterEach
  void close() throws IOException {
    loader.close();
    core.close();
  }

  private synchronized CompletableFuture<Reply> propose(Command command) {
    Decision decision = core.run(command.toBuilder());
    assertThat(decision).isNotInstanceOf(Decision.Refused.class);
    return CompletableFuture.completedFuture(
        new Reply(ErrorCode.OK, "", CommandResult.getDefaultInstance(), 0));
  }

  @Test
  void whatDiffersIsFoundAndReconciled() throws IOException {
    assertThat(check.all(100).findings()).isEmpty();
    Files.delete(data.resolve("goes"));
    Files.writeString(data.resolve("changes"), "afterwards");
    Files.writeString(data.resolve("comes"), "comes");
    UfsCheck.Seen seen = check.all(100);
    assertThat(seen.findings())
        .extracting(each -> each.getPath() + ": " + each.getText())
        .containsExactlyInAnyOrder(
            "/m/goes: the UFS does not have it any more",
            "/m/comes: only the UFS has it",
            "/m/changes: the UFS has another version of it");
    assertThat(check.all(1).more()).isEqualTo(2);
    // What is over at the second look is dropped.
    Files.delete(data.resolve("comes"));
    assertThat(check.again(seen.findings()).findings())
        .extracting(StateFinding::getPath)
        .containsExactlyInAnyOrder("/m/goes", "/m/changes");
    check.repair(seen.findings()).join();
    assertThat(check.all(100).findings()).isEmpty();
    assertThat(core.at("/m/changes").getLengthBytes()).isEqualTo("afterwards".length());
  }

  @Test
  void aUfsThatFailsGivesNoFindings() throws IOException {
    Files.delete(data.resolve("goes"));
    assertThat(check.all(100).findings()).hasSize(1);
    for (String name : new String[] {"kept", "changes"}) {
      Files.delete(data.resolve(name));
    }
    Files.delete(data);
    UfsCheck.Seen seen = check.all(100);
    assertThat(seen.findings()).isEmpty();
    assertThat(seen.skipped()).isEmpty();
    assertThat(seen.unknown()).hasSize(1);
    assertThat(seen.unknown().get(0))
        .startsWith("the UFS of /m: ")
        .endsWith("; nothing is concluded about this mount");
  }

  @Test
  void mountsWhoseAuthorityIsCurvineAreLeftOut() {
    Command.Builder mount = Ask.mount("/fs", "file:///elsewhere");
    Mount.Builder wish = mount.getMountUfsBuilder().getMountBuilder();
    wish.setMode(MountMode.FS);
    core.accepted(mount);
    assertThat(check.all(100).skipped())
        .containsExactly("the UFS of /fs: Curvine is the authority there (fs mode)");
  }
}
