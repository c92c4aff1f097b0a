/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.fuse.FakeBackend;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.SetAttributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Times of files that programs write, while that is not published and afterwards. */
final class VfsTimesTest {
  private static final Caller CALLER = new Caller(1000, 100);
  private static final ByteString NAME = ByteString.copyFromUtf8("a");
  private static final SetAttributes MODE = SetAttributes.newBuilder().setMode(0600).build();

  @TempDir private Path spool;
  private Vfs vfs;
  private long handle;
  private long inode;

  @BeforeEach
  void make() throws IOException {
    vfs = new Vfs(new FakeBackend(), spool);
    Vfs.Created made = vfs.create(CALLER, 1, NAME, 0644, FileHandle.READ_WRITE);
    handle = made.opened().handle();
    inode = made.inode().getId();
  }

  /** Waits until the clock shows another time than it did. */
  private static void tick() {
    long before = Clock.nowNanos();
    while (Clock.nowNanos() == before) {
      Thread.onSpinWait();
    }
  }

  private void write() throws IOException {
    tick();
    vfs.write(handle, 0, ByteBuffer.wrap(new byte[] {1, 2, 3}), false, false);
  }

  private Inode stat() throws IOException {
    return vfs.attributes(CALLER, inode);
  }

  private void change(SetAttributes change) throws IOException {
    tick();
    vfs.setAttributes(CALLER, inode, change, null, false);
  }

  private static void assertSameTimes(Inode seen, Inode expected) {
    assertThat(seen.getMtimeNanos()).as("mtime").isEqualTo(expected.getMtimeNanos());
    assertThat(seen.getCtimeNanos()).as("ctime").isEqualTo(expected.getCtimeNanos());
  }

  @Test
  void whatIsSeenAfterAWriteStaysWhenItIsPublished() throws Exception {
    write();
    Inode seen = stat();
    vfs.read(handle, 0, ByteBuffer.allocate(10));
    assertSameTimes(stat(), seen);
    write();
    seen = stat();
    vfs.sync(handle);
    assertSameTimes(stat(), seen);
    write();
    seen = stat();
    vfs.flush(handle);
    vfs.release(handle);
    assertSameTimes(stat(), seen);
  }

  @Test
  void aChangeOfAttributesShowsWhileWritesAreNotPublished() throws Exception {
    write();
    Inode written = stat();
    change(MODE);
    Inode changed = stat();
    assertThat(changed.getMtimeNanos()).isEqualTo(written.getMtimeNanos());
    assertThat(changed.getCtimeNanos()).isGreaterThan(written.getCtimeNanos());
    vfs.flush(handle);
    assertSameTimes(stat(), changed);
  }

  @Test
  void aTimeThatIsSetAfterAWriteStaysAndAWriteAfterItMovesIt() throws Exception {
    write();
    change(SetAttributes.newBuilder().setMtimeNanos(7).build());
    Inode set = stat();
    assertThat(set.getMtimeNanos()).isEqualTo(7);
    vfs.flush(handle);
    assertSameTimes(stat(), set);
    write();
    assertThat(stat().getMtimeNanos()).isGreaterThan(7);
    Inode written = stat();
    vfs.flush(handle);
    assertSameTimes(stat(), written);
  }

  @Test
  void emptyingWhatIsEmptyIsAChange() throws Exception {
    change(SetAttributes.newBuilder().setMtimeNanos(7).build());
    int flags = FileHandle.WRITE_ONLY | FileHandle.TRUNCATE;
    long other = vfs.open(CALLER, inode, flags, false).handle();
    Inode emptied = stat();
    assertThat(emptied.getMtimeNanos()).isGreaterThan(7);
    vfs.flush(other);
    vfs.flush(handle);
    assertSameTimes(stat(), emptied);
  }

  @Test
  void aFileWithoutANameHasTimesThatFollowItsChanges() throws Exception {
    write();
    Inode named = stat();
    tick();
    vfs.unlink(CALLER, 1, NAME);
    Inode nameless = stat();
    assertThat(nameless.getMtimeNanos()).isEqualTo(named.getMtimeNanos());
    assertThat(nameless.getCtimeNanos()).isGreaterThan(named.getCtimeNanos());
    write();
    Inode written = stat();
    assertThat(written.getMtimeNanos()).isGreaterThan(nameless.getMtimeNanos());
    assertThat(written.getCtimeNanos()).isEqualTo(written.getMtimeNanos());
    tick();
    vfs.setAttributes(CALLER, inode, SetAttributes.getDefaultInstance(), 1L, false);
    assertThat(stat().getMtimeNanos()).isGreaterThan(written.getMtimeNanos());
    Inode cut = stat();
    vfs.flush(handle);
    assertSameTimes(stat(), cut);
  }
}
