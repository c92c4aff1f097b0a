/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.curvine.chaos.harness.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that make holes, find them and copy around them leave in the mount what they should. */
final class SparseFilesIT {
  private static final long HUGE_BYTES = 10L << 30;
  private static final int BLOCK_BYTES = 1 << 20;

  /** Each makes something of "file" in the directory that it runs in. */
  private static final List<String> COPIES =
      List.of(
          "cp --sparse=always file copy",
          "cp --sparse=never file copy",
          "cp --reflink=auto file copy",
          "dd if=file of=copy bs=64K conv=sparse status=none",
          "tar -S -cf tar file && mkdir to && tar -S -xf tar -C to && mv to/file copy && rmdir to");

  /** Each changes "file". */
  private static final List<String> CHANGES =
      List.of(
          "fallocate -p -o 5300000 -l 100000 file",
          "fallocate -z -o 100 -l 2000000 file",
          "fallocate -n -l 60M file",
          "fallocate -l 41M file",
          "fallocate -z -o 40M -l 2M file",
          "fallocate -d file",
          "printf end | dd of=file bs=1 seek=43000000 conv=notrunc status=none",
          "fallocate -p -o 1M -l 60M file");

  @TempDir private Path temp;

  @Test
  void programsFindInTheMountWhatTheyFindInALocalDirectory() throws Exception {
    assumeThat(Path.of("/dev/fuse")).exists();
    Path local = Files.createDirectory(temp.resolve("local"));
    Path point = Files.createDirectory(temp.resolve("point"));
    try (LocalCluster cluster =
        LocalCluster.start(
            temp.resolve("data"),
            "--workers",
            "1",
            "--mount",
            point.toString(),
            "--set",
            "client.block-size=1MiB")) {
      cluster.curvine("umount", "/").succeeded();
      makeFile(local);
      run("cp --sparse=always " + local.resolve("file") + " file", point);
      run("cmp file " + local.resolve("file"), point);
      for (String copy : COPIES) {
        run(copy + " && cmp file copy && cp copy " + temp + "/back && rm copy", point);
        run("cmp file " + temp + "/back", local);
      }
      for (String change : CHANGES) {
        run(change, local);
        run(change, point);
        run("cmp " + local.resolve("file") + " file", point);
      }
      aFileThatIsOneHoleIsCopiedAtOnce(point);
    }
  }

  private void makeFile(Path local) throws Exception {
    run(
        "head -c 100000 /dev/urandom > file;"
            + " head -c 300000 /dev/urandom | dd of=file bs=300000 oflag=seek_bytes"
            + " seek=5242880 conv=notrunc iflag=fullblock status=none;"
            + " truncate -s 41943817 file",
        local);
  }

  /** Without a byte of it being read: that took minutes. */
  private void aFileThatIsOneHoleIsCopiedAtOnce(Path point) throws Exception {
    run("truncate -s " + HUGE_BYTES + " huge && printf x >> huge", point);
    Posix posix = new Posix();
    int descriptor = (int) posix.open(point.resolve("huge").toString(), Posix.READ_ONLY, 0);
    assertThat(descriptor).isNotNegative();
    assertThat(posix.seek(descriptor, 1, Posix.SEEK_HOLE)).isEqualTo(1);
    assertThat(posix.seek(descriptor, 1, Posix.SEEK_DATA)).isEqualTo(HUGE_BYTES);
    assertThat(posix.seek(descriptor, HUGE_BYTES, Posix.SEEK_HOLE)).isEqualTo(HUGE_BYTES + 1);
    posix.close(descriptor);
    run("cp --sparse=always huge copy && tar -S -cf tar huge", point);
    assertThat(Files.size(point.resolve("copy"))).isEqualTo(HUGE_BYTES + 1);
    assertThat(Files.size(point.resolve("tar"))).isLessThan(BLOCK_BYTES);
  }

  private void run(String script, Path directory) throws IOException, InterruptedException {
    Path output = Files.createTempFile(temp, "run", ".out");
    Process process =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("%s ends", script).isTrue();
    assertThat(process.exitValue()).as("%s: %s", script, Files.readString(output)).isZero();
  }
}
