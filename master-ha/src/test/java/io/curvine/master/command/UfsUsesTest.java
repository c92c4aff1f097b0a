/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.query.UfsUses;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.GetLayout;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.ListDirectory;
import io.curvine.protocol.proto.Query;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UfsUsesTest {
  @TempDir private Path directory;
  private Core core;
  private QueryEngine queries;

  @BeforeEach
  void start() throws IOException {
    core = new Core(directory);
    queries =
        new QueryEngine(
            core.store(),
            new WorkerRegistry(Duration.ofSeconds(10), id -> false, System::nanoTime),
            option -> false);
    core.accepted(Ask.mkdir("/plain"));
    Command.Builder mount = Ask.mount("/m", "file:///data");
    mount.getMountUfsBuilder().getMountBuilder().setListTtlMs(5).setVerifyMs(-1);
    core.accepted(mount);
    core.accepted(
        Ask.reconcile(core.at("/m").getId(), Ask.directory("d"), Ask.file("f", "v1", 10)));
  }

  @AfterEach
  void stop() throws IOException {
    core.close();
  }

  private UfsUses list(String path) {
    return queries.ufsUses(
        Query.newBuilder()
            .setListDirectory(ListDirectory.newBuilder().setAt(Core.ref(path)))
            .build());
  }

  private UfsUses layout(EntryRef at) {
    return queries.ufsUses(
        Query.newBuilder().setGetLayout(GetLayout.newBuilder().setAt(at)).build());
  }

  @Test
  void aPathUsesTheDirectoriesThatItLeadsThrough() {
    assertThat(queries.boundedMounts()).hasSize(1);
    assertThat(list("/plain").directories()).isEmpty();
    Inode root = core.at("/m");
    assertThat(list("/m").directories()).containsExactly(root);
    // Its names are loaded anyway.
    assertThat(list("/m/d").directories()).containsExactly(root);
    core.accepted(Ask.reconcile(core.at("/m/d").getId()));
    assertThat(list("/m/d").directories()).containsExactly(core.at("/m"), core.at("/m/d"));
    assertThat(list("/m/none/below").directories()).containsExactly(core.at("/m"));
  }

  @Test
  void aLayoutUsesTheFile() {
    Inode file = core.at("/m/f");
    assertThat(layout(Core.ref("/m/f")).file()).isEqualTo(file);
    UfsUses byNumber = layout(EntryRef.newBuilder().setInode(file.getId()).build());
    assertThat(byNumber.file()).isEqualTo(file);
    assertThat(byNumber.directories()).isEmpty();
    EntryRef.Builder child = EntryRef.newBuilder();
    child.getChildBuilder().setParent(file.getParent()).setName(ByteString.copyFromUtf8("f"));
    assertThat(layout(child.build()).directories()).containsExactly(core.at("/m"));
    assertThat(layout(Core.ref("/plain")).file()).isNull();
  }
}
