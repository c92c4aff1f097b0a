/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.curvine.fuse.FakeBackend;
import io.curvine.fuse.FuseConfig;
import io.curvine.fuse.vfs.BackendWriter;
import io.curvine.fuse.vfs.Caller;
import io.curvine.fuse.vfs.Vfs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Others replace the content of a file that a kernel has pages of. Needs root and /dev/fuse. */
@Timeout(60)
class OthersChangeTest {
  private static final long ROOT = 1;
  private static final int LONG_BYTES = 40_000;
  private static final int SHORT_BYTES = 100;

  /** For what the kernel does at the beginning of a call that then waits. */
  private static final Duration LONG_ENOUGH = Duration.ofMillis(300);

  @TempDir Path temporary;
  private final FakeBackend backend = new FakeBackend();
  private KernelMount mount;
  private Path file;
  private long inode;

  @BeforeEach
  void mount() throws IOException {
    boolean possible =
        Files.exists(Path.of("/dev/fuse")) && System.getProperty("user.name").equals("root");
    if (!possible) {
      System.out.println("OthersChangeTest is skipped: it needs root and /dev/fuse");
    }
    assumeTrue(possible, "root and /dev/fuse");
    Path root = Files.createDirectory(temporary.resolve("mount"));
    FuseConfig config = FuseConfig.defaults().withTimeouts(Duration.ofHours(1));
    Vfs vfs = new Vfs(backend, temporary);
    mount = KernelMount.start(root, config, vfs, new SimpleMeterRegistry());
    BackendWriter other = backend.create(Caller.ROOT, ROOT, ByteString.copyFromUtf8("f"), 0644);
    other.write(0, ByteBuffer.wrap(filled('a', LONG_BYTES)));
    other.close();
    file = root.resolve("f");
    inode = (Long) Files.getAttribute(file, "unix:ino");
  }

  @AfterEach
  void unmount() throws IOException {
    if (mount != null) {
      mount.close();
    }
  }

  private static byte[] filled(char with, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  /** To the end: one read gives less where the kernel drops pages meanwhile. */
  private static byte[] read(FileChannel from) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(2 * LONG_BYTES);
    int read = 1;
    while (read > 0) {
      read = from.read(into, into.position());
    }
    return Arrays.copyOf(into.array(), into.position());
  }

  @Test
  void aReadThatMeetsAShorterContentGivesNoZeros() throws Exception {
    try (FileChannel open = FileChannel.open(file)) {
      byte[] read = readWhileReplaced(open, filled('b', SHORT_BYTES));
      assertThat(read).isIn(filled('b', SHORT_BYTES), new byte[0]);
      assertThat(read(open)).isEqualTo(filled('b', SHORT_BYTES));
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(filled('b', SHORT_BYTES));
  }

  @Test
  void aReadThatMeetsAShorterContentAfterAttributesOfTheOldOneGivesNoZeros() throws Exception {
    try (FileChannel open = FileChannel.open(file)) {
      byte[] read =
          readWhile(
              open,
              () -> {
                assertThat(sizeToldAgain()).isEqualTo(LONG_BYTES);
                backend.replace(inode, filled('b', SHORT_BYTES));
              });
      assertThat(read).isIn(filled('b', SHORT_BYTES), new byte[0]);
    }
  }

  private long sizeToldAgain() throws IOException {
    mount.cache().forget(ROOT, ByteString.copyFromUtf8("f"));
    return Files.size(file);
  }

  /** As {@code tail -f} does. */
  @Test
  void whoAsksForTheLengthReadsWhatHasGrown() throws Exception {
    try (FileChannel open = FileChannel.open(file)) {
      assertThat(read(open)).isEqualTo(filled('a', LONG_BYTES));
      backend.replace(inode, filled('a', LONG_BYTES + SHORT_BYTES));
      assertThat(sizeToldAgain()).isEqualTo(LONG_BYTES + SHORT_BYTES);
      ByteBuffer more = ByteBuffer.allocate(2 * SHORT_BYTES);
      assertThat(open.read(more, LONG_BYTES)).isEqualTo(SHORT_BYTES);
      assertThat(Arrays.copyOf(more.array(), SHORT_BYTES)).isEqualTo(filled('a', SHORT_BYTES));
    }
  }

  /** An answer that ends where the file ends, as those who read it know, is not cut short. */
  @Test
  void aReadThatMeetsAContentOfTheSameLengthGivesAllOfIt() throws Exception {
    try (FileChannel before = FileChannel.open(file)) {
      assertThat(read(before)).isEqualTo(filled('a', LONG_BYTES));
      backend.replace(inode, filled('a', LONG_BYTES));
      readsAllWhileReplaced();
    }
  }

  private void readsAllWhileReplaced() throws Exception {
    try (FileChannel open = FileChannel.open(file)) { // has the kernel drop its pages
      byte[] read = readWhileReplaced(open, filled('b', LONG_BYTES));
      assertThat(read).isIn(filled('a', LONG_BYTES), filled('b', LONG_BYTES));
    }
  }

  /** What a read gives that is answered while the kernel is told of another content. */
  private byte[] readWhileReplaced(FileChannel open, byte[] by) throws Exception {
    Thread forgets = new Thread(() -> mount.cache().forgetContent(inode));
    byte[] bytes =
        readWhile(
            open,
            () -> {
              backend.replace(inode, by);
              forgets.start();
              forgets.join(LONG_ENOUGH.toMillis());
              assertThat(forgets.isAlive())
                  .as("it waits for the pages that are being read")
                  .isTrue();
            });
    forgets.join();
    return bytes;
  }

  private interface Meanwhile {
    void happens() throws Exception;
  }

  /** What a read gives that is answered after something has happened. */
  private byte[] readWhile(FileChannel open, Meanwhile something) throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    backend.beforeRead =
        () -> {
          reading.countDown();
          goOn.await();
        };
    try {
      CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> bytesOrNone(open));
      reading.await();
      something.happens();
      goOn.countDown();
      return read.join();
    } finally {
      goOn.countDown();
    }
  }

  /** None where the kernel says that the file has changed. */
  private static byte[] bytesOrNone(FileChannel open) {
    try {
      return read(open);
    } catch (IOException e) {
      assertThat(e).isInstanceOf(IOException.class).hasMessageContaining("Stale file handle");
      return new byte[0];
    }
  }

  @Test
  void whoHasItOpenReadsTheNewContentAndLeavesNoPagesOfTheOld() throws Exception {
    try (FileChannel open = FileChannel.open(file);
        FileChannel other = FileChannel.open(file)) {
      assertThat(read(open)).isEqualTo(filled('a', LONG_BYTES));
      backend.replace(inode, filled('b', LONG_BYTES));
      mount.cache().forgetContent(inode);
      assertThat(read(open)).isEqualTo(filled('b', LONG_BYTES));
      assertThat(read(other)).isEqualTo(filled('b', LONG_BYTES));
    }
  }
}
