/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Masters on a small disk of their own, which somebody fills. Needs the right to mount. */
@Timeout(180)
class FullDiskTrioTest {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;
  private Path disk;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
    disk = Files.createDirectories(directory.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", disk.toString()),
        "mounting is not allowed here");
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    if (disk != null && !run("umount", disk.toString())) {
      assertThat(run("umount", "-l", disk.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  private void fill(Path filler, long leave) throws IOException {
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] block = new byte[64 << 10];
      while (Files.getFileStore(disk).getUsableSpace() > leave) {
        out.write(block);
      }
    }
  }

  @Test
  void isReadOnlyUntilThereIsRoomAndLosesNothing() throws IOException {
    try (Trio trio =
        new Trio(
            disk, c -> c.withSnapshots(100, 64 << 10).withFreeSpace(8 * MIB, 48 * MIB, 64 * MIB))) {
      trio.startAll();
      long session = trio.openSession();
      for (int seq = 1; seq <= 300; seq++) {
        assertThat(trio.command(Trio.mkdir(session, seq, "/d" + seq)).getCode())
            .isEqualTo(ErrorCode.OK);
      }
      Path filler = disk.resolve("filler");
      fill(filler, 40L * MIB);
      MasterResponse refused = refusal(trio, session, 301);
      assertThat(refused.getMessage())
          .startsWith("master " + trio.leader() + " has ")
          .contains("free in " + disk)
          .endsWith("only deletes are taken until 64.0 MiB are free");
      assertThat(trio.exists("/d300")).isTrue();
      assertThat(trio.command(Trio.delete(session, 302, "/d7")).getCode()).isEqualTo(ErrorCode.OK);
      assertThat(trio.exists("/d7")).isFalse();

      Path rest = disk.resolve("rest");
      fill(rest, 1L * MIB);
      trio.until(
          "no room for deletes",
          () -> trio.command(Trio.delete(session, 303, "/none")).getCode() == ErrorCode.NO_SPACE);
      assertThat(trio.exists("/d300")).isTrue();

      Files.delete(filler);
      Files.delete(rest);
      trio.until(
          "writes again",
          () -> trio.command(Trio.mkdir(session, 304, "/d301")).getCode() == ErrorCode.OK);
      for (int made = 1; made <= 301; made++) {
        assertThat(trio.exists("/d" + made)).as("/d%d", made).isEqualTo(made != 7);
      }
      String follower = trio.follower();
      trio.stop(follower);
      trio.start(follower);
      trio.until("all ready", () -> trio.node(follower).ready());
    }
  }

  private static MasterResponse refusal(Trio trio, long session, long seq) {
    MasterResponse[] last = new MasterResponse[1];
    trio.until(
        "a refusal",
        () -> {
          last[0] = trio.command(Trio.setXattr(session, seq, "user.x", new byte[1]));
          return last[0].getCode() == ErrorCode.NO_SPACE;
        });
    return last[0];
  }
}
